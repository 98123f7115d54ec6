"""What people changed in a report's words, and the file in which it travels: TOML, a `[[paragraph]]` each.

The file holds every paragraph of the body as it was made (`was`) and as it is to be (`text`; "" leaves it out), and
the recommendations as `recommend.draft` writes them, where those were edited.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jieban.indicators.period import Period
from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.profile.documents.toml_words import reason_and_place
from jieban.report.rewording import BadWording, Rewording, Sentence

MOST_BYTES = 4 << 20
_HEAD = frozenset({"city", "period", "recommendations", "recommendations_by", "paragraph"})
_PARAGRAPH = ("section", "heading", "was", "text", "by")
_NEEDED = ("section", "was", "text")


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """What an analyst has edited.

    `text` is the recommendations' (None: as the rules found them), `by` who changed them; `sentences` the body's
    paragraphs that have other words. `file` names where it was read, for messages.
    """

    text: str | None
    file: str
    sentences: tuple[Rewording, ...] = ()
    by: str = ""


def write_wording(city: str, period: Period, sentences: Sequence[Sentence], edited: Edited | None) -> str:
    """The words of a report as a file to edit: every paragraph, and what `edited` has in their place."""
    now = {(one.section, one.was): one for one in edited.sentences} if edited is not None else {}
    lines = [
        f"# {line}"
        for line in (
            tr("{period}分析报告的文字,供修改。", period=period.label),
            tr('text 是要写的话,was 请勿改动;写成 text = "" 就是整段不写。'),
            tr("〔〕中的数字由系统核定,不能改动、换位置或从别处搬来,可以整个删去。"),
            tr("改好后用 jieban report … --wording 本文件 重新生成报告。"),
        )
    ]
    lines += ["", f"city = {_quoted(city)}", f"period = {_quoted(period.code)}"]
    if edited is not None and edited.text is not None:
        lines.append(f'recommendations = """\n{_many(edited.text)}"""')
        if edited.by:
            lines.append(f"recommendations_by = {_quoted(edited.by)}")
    for one in sentences:
        other = now.get((one.section, one.text))
        lines += [
            "",
            "[[paragraph]]",
            f"section = {_quoted(one.section)}",
            f"heading = {_quoted(one.heading)}",
        ]
        lines += [
            f"was = {_quoted(one.text)}",
            f"text = {_quoted(one.text if other is None else other.text)}",
        ]
        if other is not None and other.by:
            lines.append(f"by = {_quoted(other.by)}")
    return "\n".join(lines) + "\n"


def read_wording(path: Path, city: str, period: Period) -> Edited:
    """The edited words in a file. Raises BadWording for a file that is none, or that is of another report."""
    where = Where(file=str(path))
    if path.stat().st_size > MOST_BYTES:
        raise BadWording(
            tr("文件太大,超过 {n} MB。", n=MOST_BYTES >> 20),
            where=where,
            fix=tr("请给出报告文字的文件(…-wording.toml)。"),
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadWording(
            tr("文件不是 UTF-8 编码的文字。"), where=where, fix=tr("请另存为 UTF-8 编码。")
        ) from fault
    try:
        given = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as fault:
        reason, line, column = reason_and_place(str(fault), text)
        raise BadWording(
            tr("第 {column} 列:{reason}。", column=column, reason=reason),
            where=Where(file=str(path), line=line),
            fix=tr("请改正后再用。"),
        ) from fault
    _check_head(given, city, period, where)
    return Edited(
        text=given.get("recommendations"),
        file=str(path),
        sentences=tuple(_paragraphs(given["paragraph"], where)),
        by=given.get("recommendations_by", ""),
    )


def _check_head(given: Mapping[str, object], city: str, period: Period, where: Where) -> None:
    strange = sorted(set(given) - _HEAD)
    rows = given.get("paragraph")
    if strange or not isinstance(rows, list) or not rows:
        raise BadWording(
            tr("有不认识的键:{keys}。", keys="、".join(strange)) if strange else tr("文件里没有报告的段落。"),
            where=where,
            fix=tr("请用 jieban report 或报告编写页导出的文件来改。"),
        )
    for key in _HEAD - {"paragraph"}:
        if not isinstance(given.get(key, ""), str):
            raise BadWording(tr("{key} 写法不对。", key=key), where=where, fix=tr("请照导出的文件写。"))
    if given.get("city", city) != city or given.get("period", period.code) != period.code:
        raise BadWording(
            tr("这是 {city} {period} 的报告文字。", city=given.get("city", city), period=given.get("period")),
            where=where,
            fix=tr("请给出本期的文件,或核对 --profile 和 --period。"),
        )


def _paragraphs(rows: Iterable[object], where: Where) -> Iterator[Rewording]:
    met: set[tuple[str, str]] = set()
    for at, row in enumerate(rows, start=1):
        named = tr("第 {n} 段", n=at)
        if not isinstance(row, Mapping) or not all(isinstance(each, str) for each in row.values()):
            raise BadWording(tr("{where}写法不对。", where=named), where=where, fix=tr("请照导出的文件写。"))
        if strange := sorted(set(row) - set(_PARAGRAPH)):
            raise BadWording(
                tr("{where}有不认识的键:{keys}。", where=named, keys="、".join(strange)),
                where=where,
                fix=tr("可用的键:{keys}。", keys="、".join(_PARAGRAPH)),
            )
        if missing := [key for key in _NEEDED if key not in row]:
            raise BadWording(
                tr("{where}缺少 {keys}。", where=named, keys="、".join(missing)),
                where=where,
                fix=tr("请照导出的文件写。"),
            )
        key = (row["section"], row["was"])
        if key in met:
            raise BadWording(tr("{where}和前面的重复了。", where=named), where=where, fix=tr("请删去一处。"))
        met.add(key)
        text = " ".join(row["text"].split())
        if text != row["was"]:
            yield Rewording(section=row["section"], was=row["was"], text=text, by=row.get("by", ""))


def _quoted(text: str) -> str:
    """A string in one line: JSON's are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _many(text: str) -> str:
    """Lines as they are read again: signs that mean something are written out."""
    plain = text.replace("\\", "\\\\").replace('"""', '""\\"')
    if plain.endswith('"'):
        plain = plain[:-1] + '\\"'
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04X}", plain)
