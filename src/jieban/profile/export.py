"""A profile as files again: those that it was read from, with what was changed since in its place."""

import io
import zipfile
from pathlib import Path

from jieban.profile.city import Profile
from jieban.profile.documents.files import BASE, locate

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def files_of(profile: Profile) -> tuple[tuple[str, bytes], ...]:
    """Each file by its name below the directory of profiles (`mycity/units.csv`), the base's among them.

    Raises ValueError for a profile that comes from no directory.
    """
    source = None if profile.directory is None else locate(profile.directory)
    if source is None:
        raise ValueError("a profile without a directory has no files")
    found = []
    for name in sorted(set(profile.sources)):
        of, _, file = name.partition("/")
        # The base may lie with the other profiles, not beside this one.
        directory = source.base if of == BASE and source.base is not None else source.directory
        text = profile.changed.get(file) if directory == source.directory else None
        found.append((name, (directory / file).read_bytes() if text is None else text.encode()))
    return tuple(found)


def zip_of(profile: Profile) -> bytes:
    """The files in one archive. No dates of this machine: the same profile is the same archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(profile):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def write_out(profile: Profile, directory: Path) -> tuple[Path, ...]:
    """The files below `directory`, which are written over; gives their places."""
    written = []
    for name, content in files_of(profile):
        place = directory / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        written.append(place)
    return tuple(written)
