"""The files of a profile: where they are, and each with its `_base` counterpart read into positioned values."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.profile.documents.faults import Faults, did_you_mean
from jieban.profile.documents.lines import Path as KeyPath
from jieban.profile.documents.reading import Line, read_csv, read_toml, shown_path
from jieban.profile.frozen import FrozenMap

BASE = "_base"
AS_FILED: Mapping[str, str] = FrozenMap()
"""Nothing is laid over a profile's files."""
_READ = frozenset({".toml", ".csv"})
Written = tuple[tuple[str, bytes | str], ...]
"""Files by their paths, each with what it says."""
_REPO_PROFILES = Path(__file__).resolve().parents[4] / "profiles"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A merged TOML file: its value, and where each path of it was written.

    `whole` is False when a file is missing or couldn't be read, so that nobody tells what it lacks besides.
    """

    value: Mapping[str, object]
    places: Mapping[KeyPath, Where]
    where: Where
    whole: bool


@dataclass(kw_only=True)
class Source:
    """A profile's directory and the base under it; remembers which files were read.

    `over` are texts that stand in place of the city's own files of these names: what was changed on pages.
    """

    directory: Path
    base: Path | None
    over: Mapping[str, str] = field(default_factory=FrozenMap)
    used: list[str] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)

    def toml(self, name: str, faults: Faults) -> Document:
        """The file `name` of the city over the base's: tables merged, everything else replaced."""
        self._asked.add(name)
        merged: dict[str, object] = {}
        places: dict[KeyPath, Where] = {}
        shown = shown_path(self.directory / name)
        before = len(faults)
        paths = [directory / name for directory in (self.base, self.directory) if directory is not None]
        for path in paths:
            text = self._over(path)
            if text is None and not path.is_file():
                continue
            value, lines = read_toml(path, faults, text)
            self._note(path)
            file = shown_path(path)
            _merge(merged, value, places, {key: Where(file=file, line=n) for key, n in lines.items()}, ())
        if not any(path.is_file() or self._over(path) is not None for path in paths):
            _missing(shown, faults)
        return Document(
            value=merged, places=places, where=Where(file=shown, line=1), whole=len(faults) == before
        )

    def csv(
        self, name: str, columns: tuple[str, ...], optional: tuple[str, ...], faults: Faults
    ) -> list[Line]:
        """The rows of the file `name`, the city's if it has one, else the base's.

        `columns` must be there; `optional` ones may be and read as empty if not.
        """
        self._asked.add(name)
        for directory in (self.directory, self.base):
            if directory is None:
                continue
            path = directory / name
            text = self._over(path)
            if text is not None or path.is_file():
                self._note(path)
                return read_csv(path, columns, optional, faults, text)
        _missing(shown_path(self.directory / name), faults)
        return []

    def written(self) -> Written:
        """All that a reading comes of: every file of the city and of its base, and what lies over the city's."""
        paths = [
            path
            for directory in (self.directory, self.base)
            if directory is not None
            for path in sorted(directory.iterdir())
            if path.suffix in _READ and path.is_file()
        ]
        return (*((str(path), path.read_bytes()) for path in paths), *sorted(self.over.items()))

    def check_files(self, faults: Faults) -> None:
        """Notes TOML and CSV files that nobody asked for: a misspelt name would leave the base's in force."""
        asked = sorted(self._asked)
        for path in sorted(self.directory.iterdir()):
            if path.suffix in _READ and path.name not in self._asked:
                what = tr("没有哪一处会读这个文件。")
                faults.add("unknown_file", Where(file=shown_path(path)), what, did_you_mean(path.name, asked))

    def _over(self, path: Path) -> str | None:
        return self.over.get(path.name) if path.parent == self.directory else None

    def _note(self, path: Path) -> None:
        self.used.append(f"{path.parent.name}/{path.name}")


def profile_directories() -> list[Path]:
    """The directories that hold profiles by name: $JIEBAN_PROFILES (one or several), then the checkout's."""
    named = [Path(entry) for entry in os.environ.get("JIEBAN_PROFILES", "").split(os.pathsep) if entry]
    return [*named, _REPO_PROFILES]


def profile_names() -> list[str]:
    """The profiles that can be named, `_base` not among them."""
    return sorted(
        {
            path.parent.name
            for directory in profile_directories()
            for path in directory.glob("*/profile.toml")
            if path.parent.name != BASE
        }
    )


def locate(name_or_path: str | Path) -> Source | None:
    """The profile meant by a path or a name; None if there is none. Its base is the `_base` beside it, if any."""
    given = Path(name_or_path)
    candidates = [given] if given.is_dir() else []
    if isinstance(name_or_path, str) and given.name == name_or_path and name_or_path != BASE:
        # A name means the profile even where a directory of that name lies by chance.
        candidates = [*(d / name_or_path for d in profile_directories()), *candidates]
    for directory in candidates:
        if directory.is_dir():
            beside = directory.resolve().parent / BASE
            bases = [beside, *(d / BASE for d in profile_directories())]
            return Source(directory=directory, base=next((b for b in bases if b.is_dir()), None))
    return None


def _missing(shown: str, faults: Faults) -> None:
    faults.add(
        "file_missing",
        Where(file=shown),
        tr("缺少这个文件。"),
        tr("请补上它,或放在 _base 中(格式见 docs/profiles.md)。"),
    )


def _merge(
    target: dict[str, object],
    value: Mapping[str, object],
    places: dict[KeyPath, Where],
    new: Mapping[KeyPath, Where],
    at: KeyPath,
) -> None:
    if not target and not at:
        target.update(value)
        places.update(new)
        return
    for key, member in value.items():
        path = (*at, key)
        old = target.get(key)
        if isinstance(old, dict) and isinstance(member, dict):
            places[path] = new[path]
            _merge(old, member, places, new, path)
            continue
        if key in target:
            for stale in [p for p in places if p[: len(path)] == path]:
                del places[stale]
        places.update({p: where for p, where in new.items() if p[: len(path)] == path})
        target[key] = member
