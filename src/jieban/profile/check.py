"""`jieban profile check`: every fault of a profile at once, in words that say where and what to do."""

from collections.abc import Sequence
from pathlib import Path

from jieban.kernel.errors import introduced
from jieban.kernel.i18n import tr
from jieban.profile.documents.faults import Fault
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
        lines += [_said(fault, name), f"    → {fault.fix}"]
    lines.append(tr("配置“{name}”共有 {n} 处问题。", name=name, n=len(faults)))
    return "\n".join(lines)


def _said(fault: Fault, name: str) -> str:
    place, column = fault.where.file, f" [{fault.where.column}]" if fault.where.column else ""
    if place in {None, name}:
        return introduced(f"{name}{column}", fault.what)
    line = "" if fault.where.line is None else f":{fault.where.line}"
    return f"{place}{line}:{column} {fault.what}"
