"""Where the studio keeps its files: all under the installation's own directory, none ever written twice."""

from pathlib import Path

from django.conf import settings

from jieban.kernel.digest import sm3_file
from jieban.people.city import city


def snapshots() -> Path:
    """Frozen periods, each in a directory named by its digest."""
    return Path(settings.JIEBAN_VAR) / "studio" / city().name / "snapshots"


def preview(draft: int, serial: int) -> Path:
    """The preview of a wording: its pages and checks."""
    return Path(settings.JIEBAN_VAR) / "studio" / city().name / "previews" / str(draft) / str(serial)


def kept(digest: str) -> Path:
    """A published file."""
    return Path(settings.JIEBAN_VAR) / "studio" / city().name / "files" / digest[:2] / digest


def keep(path: Path) -> str:
    """Put a file among the published ones, moving it; gives its digest. What is there already stays."""
    digest = sm3_file(path)
    place = kept(digest)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not place.exists():
        path.replace(place)
        place.chmod(0o400)
    return digest
