"""The storage of evidence against the rows that name it: what nothing names is swept away, what is named is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jieban.orders.evidence.disk import PART
from jieban.orders.evidence.files import check_storage, digest_of, intact, path_of, reached, remove_unheld
from jieban.orders.models import Evidence

YOUNG: Final = timedelta(hours=1)
"""What is younger may belong to an act that is still running."""
_BATCH: Final = 500

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SweptFiles:
    """What a sweep did: files removed, and files that are none of Jieban's, which it leaves."""

    removed: int
    foreign: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A piece of evidence whose file is gone (`changed` False) or isn't what was attached."""

    order: str
    serial: int
    digest: str
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What was looked at, and what is wrong."""

    rows: int
    files: int
    faults: tuple[Fault, ...]


def sweep(now: datetime) -> SweptFiles:
    """Remove files older than an hour that no evidence names: of refused acts, and of writing that was cut off.

    Safe to run at any time and twice: a file that is being attached meanwhile stays, and one that was withdrawn until
    its day.
    """
    removed, foreign = 0, []
    for path in _paths():
        digest = digest_of(path)
        part = digest is None and path.endswith(PART) and digest_of(path.split(".", 1)[0]) is not None
        if digest is None and not part:
            foreign.append(path)
            continue
        try:
            with reached() as place:
                young = place.get_modified_time(path) > now - YOUNG
        except FileNotFoundError:
            continue
        if young:
            continue
        if digest is not None:
            removed += remove_unheld(digest, now)
        else:
            with reached() as place:
                place.delete(path)
            removed += 1
    return SweptFiles(removed=removed, foreign=tuple(foreign))


def _paths() -> Iterator[str]:
    with reached() as place:
        # A storage that can list all at once does.
        every = getattr(place, "paths", None)
        listed = list(every()) if every is not None else None
    yield from _paths_below("") if listed is None else listed


def _paths_below(directory: str) -> Iterator[str]:
    try:
        with reached() as place:
            directories, files = place.listdir(directory)
    except FileNotFoundError:
        # Nothing was ever stored, or the last file of a directory went meanwhile.
        return
    for name in sorted(directories):
        yield from _paths_below(f"{directory}/{name}" if directory else name)
    for name in sorted(files):
        yield f"{directory}/{name}" if directory else name


def verify_evidence(progress: Progress | None = None) -> Verified:
    """Read every file that evidence names and hold it against its digest. A file of several orders is read once.

    Raises StorageFailed, and calls nothing gone because the storage is.
    """
    check_storage()
    held = Evidence.objects.filter(removed_at__isnull=True)
    whole = held.values("digest").distinct().count()
    rows, files, faults, digest, wrong = 0, 0, [], "", None
    for each in held.select_related("order").order_by("digest", "pk").iterator(chunk_size=_BATCH):
        rows += 1
        if each.digest != digest:
            digest, files = each.digest, files + 1
            wrong = _wrong(digest)
            if progress is not None:
                progress(min(files, whole), whole)
        if wrong is not None and _still_held(each):
            faults.append(
                Fault(order=each.order.number, serial=each.serial, digest=digest, changed=wrong == "changed")
            )
    return Verified(rows=rows, files=files, faults=tuple(faults))


def _wrong(digest: str) -> str | None:
    with reached() as place:
        if not place.exists(path_of(digest)):
            return "missing"
    return None if intact(digest) else "changed"


def _still_held(evidence: Evidence) -> bool:
    # Retention may have let go of it since it was read.
    return Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=True).exists()
