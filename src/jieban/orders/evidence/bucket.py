"""A bucket of an S3 service for evidence: what the settings name instead of the disk (needs the extra `jieban[s3]`)."""

from collections.abc import Iterator
from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

_CONNECT_SECONDS = 5
_READ_SECONDS = 30
_TRIES = 2


class EvidenceBucket(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """Objects are named by their content, private, and there whole or not at all, as S3 keeps them.

    The options are django-storages' own; unless they say otherwise a service that doesn't answer is given up after some
    seconds, since an act waits for it.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """What holds where the options say nothing."""
        patience = Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": _TRIES},
            signature_version="s3v4",
        )
        return {
            **super().get_default_settings(),
            "file_overwrite": True,  # what is written again is the same
            "default_acl": None,
            "client_config": patience,
        }

    def paths(self) -> Iterator[str]:
        """Every object's path, a thousand a request: by directories it would take one for each."""
        place = len(self.location) + 1 if self.location else 0
        for each in self.bucket.objects.filter(Prefix=self.location):
            yield each.key[place:]
