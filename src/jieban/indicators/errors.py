"""What the indicators refuse."""

from difflib import get_close_matches

from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import listed, tr


class UnknownIndicator(JiebanError):
    """An indicator id that the registry doesn't hold."""

    code = "indicators.unknown"
    exit_code = Exit.USAGE

    def __init__(self, indicator_id: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(indicator_id, known, n=3, cutoff=0.5)
        hint = tr("相近的有:{near}。", near=listed(near)) if near else ""
        super().__init__(
            tr("没有编号为 {id} 的指标。", id=indicator_id),
            fix=hint + tr("全部编号见 jieban indicators list。"),
        )


class BadSource(JiebanError):
    """A ledger directory that lacks a table or a column."""

    code = "indicators.bad_source"
    exit_code = Exit.BAD_LEDGER


class BadSnapshot(JiebanError):
    """A snapshot that is incomplete, changed since it was frozen, or of another schema."""

    code = "indicators.bad_snapshot"
    exit_code = Exit.BAD_LEDGER

    def __init__(self, what: str, *, file: str) -> None:
        super().__init__(what, where=Where(file=file), fix=tr("请从留存的原件恢复,或重新冻结。"))


class EngineMissing(JiebanError):
    """An engine that isn't installed or can't be reached."""

    code = "indicators.engine"
    exit_code = Exit.MISSING_PART
