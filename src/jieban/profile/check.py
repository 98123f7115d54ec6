"""`jieban profile check`: every fault of a profile at once, in words that say where and what to do."""

from collections.abc import Sequence
from pathlib import Path

from jieban.kernel.i18n import tr
from jieban.profile.faults import Fault
from jieban.profile.known import NOTHING, Known
from jieban.profile.load import read_profile


def check_profile(name_or_path: str | Path, known: Known = NOTHING) -> list[Fault]:
    """All faults by file and line; none for a sound profile. `known` holds the names that higher rooms offer."""
    return read_profile(name_or_path, known)[1]


def faults_text(name: str, faults: Sequence[Fault]) -> str:
    """The faults as text for a terminal: file and line first, so that editors can jump there."""
    if not faults:
        return tr("配置“{name}”没有问题。", name=name)
    lines = []
    for fault in faults:
        place = fault.where.file or name
        if fault.where.line is not None:
            place += f":{fault.where.line}"
        column = f" [{fault.where.column}]" if fault.where.column else ""
        lines += [f"{place}:{column} {fault.what}", f"    → {fault.fix}"]
    lines.append(tr("配置“{name}”共有 {n} 处问题。", name=name, n=len(faults)))
    return "\n".join(lines)
