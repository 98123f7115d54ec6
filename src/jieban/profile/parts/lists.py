"""The CSV lists of a profile, each row parsed on its own; `cross.py` checks what rows say of each other."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict, TypeVar

from jieban.kernel.i18n import tr
from jieban.profile.documents.faults import Faults
from jieban.profile.documents.files import Source
from jieban.profile.documents.reading import Line
from jieban.profile.model import (
    Channel,
    Community,
    Mailbox,
    Named,
    RequestType,
    Street,
    Subtopic,
    Topic,
    Unit,
    Validity,
)

N = TypeVar("N", bound=Named | Community)

Rows = list[tuple[N, Line]]
"""Values with the rows that made them."""

_NAMED = ("code", "name")
_MOST_TILES = 19
_TILE = re.compile(r"(1?[1-9]|10)-(1?[1-9]|10)", re.ASCII)
_SUCCESSION = ("valid_from", "valid_to", "renamed_to", "merged_into")
_TRUE = frozenset({"1", "true", "是"})
_FALSE = frozenset({"", "0", "false", "否"})


@dataclass(frozen=True, kw_only=True)
class Lists:
    """All CSV lists as read. A topic's subtopics are in `subtopics` by (scheme, topic), and in the topic."""

    units: Rows[Unit]
    streets: Rows[Street]
    communities: Rows[Community]
    request_types: Rows[RequestType]
    topics: Rows[Topic]
    subtopics: dict[tuple[str, str], Rows[Subtopic]]
    mailboxes: Rows[Mailbox]
    channels: Rows[Channel]


def read_lists(source: Source, committees: Iterable[str], faults: Faults) -> Lists:
    """Every list of the profile, faults noted; `committees` are the endings that nobody says of a community's name."""
    row = _Reader(faults, tuple(sorted(committees, key=len, reverse=True)))
    topics, subtopics = _read_topics(source, row, faults)
    return Lists(
        units=_read(
            source, "units.csv", (*_NAMED, "short_name", "kind", "group"), row.unit, faults, "parent"
        ),
        streets=_read(source, "streets.csv", (*_NAMED, "short_name", "kind"), row.street, faults, "tile"),
        communities=_read(source, "communities.csv", (*_NAMED, "street"), row.community, faults),
        request_types=_read(source, "request_types.csv", _NAMED, row.request_type, faults, "confidential"),
        topics=topics,
        subtopics=subtopics,
        mailboxes=_read(source, "mailboxes.csv", (*_NAMED, "scheme"), row.mailbox, faults),
        channels=_read(source, "channels.csv", _NAMED, row.channel, faults),
    )


def _read(
    source: Source,
    name: str,
    columns: tuple[str, ...],
    parse: Callable[[Line], N],
    faults: Faults,
    *more: str,
) -> Rows[N]:
    optional = ("short_name", "aliases", *_SUCCESSION, *more)
    lines = source.csv(name, columns, tuple(c for c in optional if c not in columns), faults)
    rows = [(parse(line), line) for line in lines]
    _note_double_codes(rows, faults)
    return rows


def _read_topics(
    source: Source, row: "_Reader", faults: Faults
) -> tuple[Rows[Topic], dict[tuple[str, str], Rows[Subtopic]]]:
    columns = ("scheme", "topic", "topic_name", "subtopic", "subtopic_name")
    topics: dict[tuple[str, str], tuple[Topic, Line]] = {}
    subtopics: dict[tuple[str, str], Rows[Subtopic]] = {}
    for line in source.csv("topics.csv", columns, ("last", "aliases", *_SUCCESSION), faults):
        key = (row.code(line, "scheme"), row.code(line, "topic"))
        row.filled(line, "topic_name")
        if not line.text("subtopic"):
            if key in topics:
                _double(line, "topic", topics[key][1], faults)
            topics.setdefault(key, (row.topic(line), line))
            subtopics.setdefault(key, [])
        elif key not in topics:
            what = tr("分类“{topic}”还没有自己的一行。", topic=line.text("topic"))
            faults.add(
                "topic_row_missing",
                line.where("topic"),
                what,
                tr("请在它前面加一行,subtopic 留空,用来定义分类。"),
            )
        else:
            name = topics[key][0].name
            if line.text("topic_name") != name:
                what = tr("同一分类写了两个名称:“{a}”和“{b}”。", a=name, b=line.text("topic_name"))
                faults.add("topic_name_differs", line.where("topic_name"), what, tr("请统一名称。"))
            subtopics[key].append((row.subtopic(line), line))
    for members in subtopics.values():
        _note_double_codes(members, faults, "subtopic")
    whole = [
        (replace(topic, subtopics=tuple(value for value, _ in subtopics[key])), line)
        for key, (topic, line) in topics.items()
    ]
    return whole, subtopics


class _NamedFields(TypedDict):
    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    validity: Validity
    renamed_to: str | None
    merged_into: str | None


class _Reader:
    """Parses single rows, noting faults with their column."""

    def __init__(self, faults: Faults, committees: tuple[str, ...]) -> None:
        self._faults = faults
        self._committees = committees

    def filled(self, line: Line, column: str) -> str:
        value = line.text(column)
        if not value and column in line.cells:
            what = tr("“{column}”列是空的。", column=column)
            self._faults.add("empty", line.where(column), what, tr("请填写这一格。"))
        return value

    def code(self, line: Line, column: str = "code") -> str:
        value = self.filled(line, column)
        if value and not (value.isascii() and value.replace("-", "").replace("_", "").isalnum()):
            what = tr("代码“{code}”含有字母、数字、连字符以外的字符。", code=value)
            self._faults.add("bad_code", line.where(column), what, tr("请用小写英文字母、数字和连字符。"))
        return value

    def unit(self, line: Line) -> Unit:
        return Unit(
            **self._named(line),
            kind=self.code(line, "kind"),
            group=self.code(line, "group"),
            parent=line.text("parent") or None,
        )

    def street(self, line: Line) -> Street:
        return Street(**self._named(line), kind=self.code(line, "kind"), tile=self._tile(line))

    def _tile(self, line: Line) -> tuple[int, int] | None:
        written = line.text("tile")
        if not written:
            return None
        found = _TILE.fullmatch(written)
        if found is None:
            what = tr("地图位置“{tile}”不是“列-行”。", tile=written)
            fix = tr("请写成例如 3-2:第 3 列、第 2 行,从西北角数起,各不超过 {most}。", most=_MOST_TILES)
            self._faults.add("bad_tile", line.where("tile"), what, fix)
            return None
        return int(found[1]), int(found[2])

    def community(self, line: Line) -> Community:
        name = self.filled(line, "name")
        ending = next((each for each in self._committees if name.endswith(each)), "")
        return Community(
            code=self.code(line),
            street=self.code(line, "street"),
            name=name,
            spoken=name.removesuffix(ending) or name,
        )

    def request_type(self, line: Line) -> RequestType:
        return RequestType(**self._named(line), confidential=self._flag(line, "confidential"))

    def mailbox(self, line: Line) -> Mailbox:
        return Mailbox(**self._named(line), scheme=self.code(line, "scheme"))

    def channel(self, line: Line) -> Channel:
        return Channel(**self._named(line))

    def topic(self, line: Line) -> Topic:
        return Topic(
            **self._named(line, "topic", "topic_name"),
            scheme=line.text("scheme"),
            last=self._flag(line, "last"),
        )

    def subtopic(self, line: Line) -> Subtopic:
        return Subtopic(
            **self._named(line, "subtopic", "subtopic_name"),
            last=self._flag(line, "last"),
        )

    def _named(self, line: Line, code: str = "code", name: str = "name") -> "_NamedFields":
        return {
            "code": self.code(line, code),
            "name": self.filled(line, name),
            "short_name": line.text("short_name") or line.text(name),
            "aliases": self._aliases(line),
            "validity": self._validity(line),
            "renamed_to": line.text("renamed_to") or None,
            "merged_into": line.text("merged_into") or None,
        }

    def _aliases(self, line: Line) -> tuple[str, ...]:
        written = line.text("aliases")
        aliases = [alias.strip() for alias in written.split("|")] if written else []
        for alias in aliases:
            if not alias:
                what = tr("别名中有空的一段。")
                self._faults.add("empty_alias", line.where("aliases"), what, tr("请删去多余的竖线。"))
            elif aliases.count(alias) > 1:
                what = tr("别名“{alias}”写了两次。", alias=alias)
                self._faults.add("double_alias", line.where("aliases"), what, tr("请删去一个。"))
        return tuple(aliases)

    def _validity(self, line: Line) -> Validity:
        first, last = self._day(line, "valid_from"), self._day(line, "valid_to")
        if first and last and last < first:
            what = tr("失效日 {last} 早于生效日 {first}。", first=first, last=last)
            self._faults.add("validity_reversed", line.where("valid_to"), what, tr("请改正日期。"))
        return Validity(first=first, last=last)

    def _day(self, line: Line, column: str) -> date | None:
        written = line.text(column)
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            what = tr("“{text}”不是日期。", text=written)
            self._faults.add("bad_date", line.where(column), what, tr("请写成 2025-04-01 的样子。"))
            return None

    def _flag(self, line: Line, column: str) -> bool:
        written = line.text(column).lower()
        if written not in _TRUE | _FALSE:
            what = tr("“{text}”不是是非值。", text=line.text(column))
            self._faults.add("bad_flag", line.where(column), what, tr("是写 1,否留空。"))
        return written in _TRUE


def _note_double_codes(rows: Rows[N], faults: Faults, column: str = "code") -> None:
    seen: dict[str, Line] = {}
    for value, line in rows:
        if value.code and value.code in seen:
            _double(line, column, seen[value.code], faults)
        seen.setdefault(value.code, line)


def _double(line: Line, column: str, first: Line, faults: Faults) -> None:
    what = tr("代码“{code}”在第 {line} 行已经用过。", code=line.text(column), line=first.line)
    faults.add("double_code", line.where(column), what, tr("请换一个代码,或删去重复的一行。"))
