"""The same file given twice: every order of it would seem to come again."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from jieban.kernel.digest import sm3_file
from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.ledger.errors import SameFile


def given_twice(paths: Sequence[Path]) -> Iterator[tuple[int, SameFile]]:
    """The places (from 0) of paths that lead to what an earlier one gave, each with its refusal.

    Files are the same by their content, which is read only where two are of one size.
    """
    digests: dict[Path, str] = {}

    def digest(path: Path) -> str:
        if path not in digests:
            digests[path] = sm3_file(path)
        return digests[path]

    by_size: dict[int, list[Path]] = {}
    seen: dict[Path, Path] = {}
    for place, path in enumerate(paths):
        own = path.resolve()
        first = seen.get(own)
        if first is None and own.is_file():
            alike = by_size.setdefault(own.stat().st_size, [])
            first = next((seen[other] for other in alike if digest(other) == digest(own)), None)
            alike.append(own)
        if first is not None:
            yield place, _refusal(path, first)
        seen.setdefault(own, path)


def _refusal(path: Path, first: Path) -> SameFile:
    what = (
        tr("这个文件给了两次。")
        if path.name == first.name
        else tr("内容与 {first} 完全相同。", first=first.name)
    )
    return SameFile(what, where=Where(file=path.name), fix=tr("请只给一次,否则每件工单都会重复。"))
