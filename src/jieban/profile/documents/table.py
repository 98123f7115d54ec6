"""Typed reading of a TOML table: every wrong, missing or unknown key is noted with its line."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from jieban.kernel.errors import Where
from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.profile.documents.faults import Faults, did_you_mean
from jieban.profile.documents.files import Document
from jieban.profile.documents.lines import Path

_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_FLAG = Later("true / false")

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Table:
    """A table of a merged document.

    A getter notes a fault and gives a neutral value when the key is missing (and has no default) or of another
    type, so that reading goes on and all faults are told at once. `close` notes the keys that nobody asked for.
    """

    def __init__(self, document: Document, faults: Faults, path: Path = (), value: object = None) -> None:
        self._document = document
        self._faults = faults
        self._path = path
        self._value: Mapping[str, object] = (
            value if isinstance(value, Mapping) else document.value if not path else {}
        )
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._value

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are there, in order."""
        return tuple(self._value)

    def where(self, *keys: str | int) -> Where:
        """The place of a key of this table, or of the nearest table around it that has one."""
        path: Path = (*self._path, *keys)
        while path and path not in self._document.places:
            path = path[:-1]
        return self._document.places[path] if path else self._document.where

    def name(self, key: str) -> str:
        """The key as one would write it from the document's root."""
        return ".".join(str(part) for part in (*self._path, key))

    def fault(self, code: str, key: str, what: str, fix: str) -> None:
        """Notes a fault at a key."""
        self._faults.add(code, self.where(key), what, fix)

    def text(self, key: str, *, may_be_empty: bool = False) -> str:
        """A string, with something in it unless it may be empty."""
        value = self._get(key, str, "", None, later("一段文字"))
        if not value.strip() and not may_be_empty and isinstance(self._value.get(key), str):
            self.fault(
                "empty", key, tr("{key} 是空的。", key=self.name(key)), tr("请写上内容,或删去这一行。")
            )
        return value

    def integer(self, key: str, *, least: int = 0, default: int | None = None) -> int:
        """A whole number not below `least`."""
        value = self._get(key, int, least, default, later("整数"))
        if value < least:
            what = tr("{key} 为 {value},不能小于 {least}。", key=self.name(key), value=value, least=least)
            self.fault("out_of_range", key, what, tr("请改正这个数。"))
        return value

    def decimal(self, key: str) -> str:
        """A decimal number written as a string, so that it stays exact."""
        written = self.text(key)
        if written and not _DECIMAL.fullmatch(written):
            what = tr("{key} 的“{text}”不是小数。", key=self.name(key), text=written)
            self.fault("bad_number", key, what, tr('请写成带引号的小数,如 "0.6"。'))
        return written

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """A truth value."""
        return self._get(key, bool, False, default, _FLAG)

    def day(self, key: str) -> date | None:
        """A date, or None if the key is absent."""
        if key not in self._value:
            self._asked.add(key)
            return None
        value = self._get(key, date, date.min, None, later("日期,如 2025-04-01,不加引号"))
        return None if value == date.min else value

    def moment(self, key: str, tz: ZoneInfo) -> datetime:
        """A date with a time, written without zone and meant in `tz`."""
        neutral = datetime.min.replace(tzinfo=UTC)
        value = self._get(key, datetime, neutral, None, later("日期时间,如 2025-05-03T16:09:12,不加引号"))
        if value is not neutral and value.tzinfo is not None:
            what = tr("{key} 不要写时区。", key=self.name(key))
            self.fault("wrong_type", key, what, tr("请写当地时间;时区写在 calendar.toml。"))
        return value.replace(tzinfo=tz)

    def choice(self, key: str, among: type[E], default: E | None = None) -> E:
        """One of an enumeration's words."""
        neutral = next(iter(among))
        if key not in self._value and default is not None:
            self._asked.add(key)
            return default
        given = self._get(key, str, "", None, later("一段文字"))
        return self._chosen(key, given, among) or neutral if key in self._value else neutral

    def choices(self, key: str, among: type[E]) -> tuple[E, ...]:
        """Several of an enumeration's words; none if the key is absent."""
        chosen = (self._chosen(key, word, among) for word in self.texts(key, default=()))
        return tuple(dict.fromkeys(word for word in chosen if word is not None))

    def texts(self, key: str, default: Iterable[str] | None = None) -> tuple[str, ...]:
        """An array of strings."""
        members = self._get(key, list, [], None if default is None else list(default), later("文字的数组"))
        for index, member in enumerate(members):
            if not isinstance(member, str) or not member.strip():
                what = tr("{key} 的第 {n} 个不是有内容的文字。", key=self.name(key), n=index + 1)
                self._faults.add("wrong_type", self.where(key, index), what, tr("请用双引号写成文字。"))
        return tuple(member for member in members if isinstance(member, str))

    def integers(self, key: str, default: Iterable[int]) -> tuple[int, ...]:
        """An array of whole numbers."""
        members = self._get(key, list, [], list(default), later("整数的数组"))
        for index, member in enumerate(members):
            if type(member) is not int:
                what = tr("{key} 的第 {n} 个不是整数。", key=self.name(key), n=index + 1)
                self._faults.add("wrong_type", self.where(key, index), what, tr("请写成整数。"))
        return tuple(member for member in members if type(member) is int)

    def table(self, key: str, *, required: bool = False) -> "Table":
        """The table under a key; an empty one if it is absent."""
        value = self._get(key, dict, {}, None if required else {}, later("一张表"))
        return Table(self._document, self._faults, (*self._path, key), value)

    def tables(self, key: str, *, required: bool = True) -> list["Table"]:
        """The array of tables under a key."""
        members = self._get(key, list, [], None if required else [], later("若干张表,每张以 [[…]] 开头"))
        found = []
        for index, member in enumerate(members):
            if isinstance(member, dict):
                found.append(Table(self._document, self._faults, (*self._path, key, index), member))
            else:
                what = tr("{key} 的第 {n} 个不是表。", key=self.name(key), n=index + 1)
                self._faults.add(
                    "wrong_type",
                    self.where(key, index),
                    what,
                    tr("每个以 [[{key}]] 开头。", key=self.name(key)),
                )
        return found

    def keyed(self, key: str) -> list[tuple[str, "Table"]]:
        """The tables under a table, with their keys, in order."""
        outer = self.table(key, required=True)
        return [(name, outer.table(name)) for name in outer.keys]

    def holds_table(self, key: str) -> bool:
        """Whether a table lies under a key."""
        return isinstance(self._value.get(key), dict)

    def plain(self, key: str) -> Mapping[str, object]:
        """The table under a key as it stands; empty if it is absent."""
        return self._get(key, dict, {}, {}, later("一张表"))

    def close(self) -> None:
        """Notes every key that was never asked for."""
        for key in self._value:
            if key not in self._asked:
                hint = did_you_mean(key, sorted(self._asked - self._value.keys()) or sorted(self._asked))
                self.fault("unknown_key", key, tr("不认识的键 {key}。", key=self.name(key)), hint)

    def _chosen(self, key: str, word: str, among: type[E]) -> E | None:
        try:
            return among(word)
        except ValueError:
            if word.strip():
                what = tr("{key} 的取值“{word}”不认识。", key=self.name(key), word=word)
                self.fault("unknown_value", key, what, did_you_mean(word, [str(member) for member in among]))
            return None

    def _get(self, key: str, kind: type[T], neutral: T, default: T | None, wanted: Later) -> T:
        self._asked.add(key)
        if key not in self._value:
            if default is not None:
                return default
            if self._document.whole:
                what = tr("缺少 {key}。", key=self.name(key))
                self._faults.add(
                    "missing_key", self.where(), what, tr("请补上,取值为{wanted}。", wanted=tr_later(wanted))
                )
            return neutral
        value = self._value[key]
        # bool is an int and datetime a date to Python, never to whoever writes a profile.
        if isinstance(value, kind) and (type(value) is kind or kind not in (int, date)):
            return value
        what = tr("{key} 应为{wanted}。", key=self.name(key), wanted=tr_later(wanted))
        self.fault("wrong_type", key, what, tr("请改正取值。"))
        return neutral
