"""What the words in coded columns mean in a profile."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from typing import Any

import numpy as np

from jieban.ledger.arrow import Array, Ints, bools, distinct, joined, pa, pc, positions, spread
from jieban.ledger.schema import CODE
from jieban.ledger.values.words import Find, Spoken, Words, find_codes
from jieban.profile.city import Profile
from jieban.profile.model import ALWAYS, Label, Named
from jieban.profile.register import Register, fold

_EPOCH_DAY = date(1970, 1, 1)

DAY_COLUMN: Mapping[str, str] = {
    "orders": "received_at",
    "handlings": "dispatched_at",
    "letters": "received_at",
    "callbacks": "called_at",
}
"""The column whose day decides what a table's words mean."""

DEPENDS_ON: Mapping[str, str] = {
    "subtopics": "topic",
    "mailbox_topics": "mailbox",
    "mailbox_subtopics": "topic",
}
"""Domains that hang on the row's code in another column."""

# Words for yes and no that only one column uses; the profile's own go before them.
_FLAG_WORDS: Mapping[str, tuple[str, str]] = {
    "stated_sign_on_time": (
        "按期 按时 按期签收 按时签收 未超期 未超时 ontime",
        "超期 超时 逾期 超期签收 超时签收 overdue",
    ),
    "stated_close_on_time": (
        "按期 按时 按期办结 按时办结 未超期 未超时 ontime",
        "超期 超时 逾期 超期办结 超时办结 overdue",
    ),
    "called_back": ("已回访 回访成功 有效", "未回访 回访失败 无效"),
    "reached": ("已接通 接通", "未接通 无人接听 停机 空号 拒接"),
    "contacted": ("已联系", "未联系"),
    "resolved": ("已解决 解决", "未解决"),
    "anonymous": ("匿名", "实名"),
    "confidential": ("保密", "不保密 公开"),
    "published": ("公开 已公开", "不公开 未公开"),
    "returned": ("退单 已退单 已退回", "未退单 未退回"),
    "excluded": ("不纳入 剔除 不纳入考核", "纳入 纳入考核"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Domain:
    """How to find a code, whether the day matters, every spelling (for suggestions), and the names of a code."""

    find: Find
    by_day: bool
    spellings: tuple[str, ...]
    names: Callable[[str], tuple[str, ...]]

    def suggestions(self, word: str) -> list[str]:
        """The spellings most like an unknown word, if any are like it; of equals those that begin as it does."""
        close = get_close_matches(word, self.spellings, n=20, cutoff=0.6)
        likeness = {spelling: SequenceMatcher(None, spelling, word).ratio() for spelling in close}
        return sorted(close, key=lambda spelling: (-likeness[spelling], spelling[0] != word[0]))[:3]


def domain_of(profile: Profile, name: str) -> Domain:
    """The domain called `name` in the schema, other than those that hang on another column. Raises KeyError."""
    registers: dict[str, Mapping[str, Named]] = {
        "units": profile.units,
        "streets": profile.streets,
        "channels": profile.channels,
        "request_types": profile.request_types,
        "mailboxes": profile.mailboxes,
        "topics": profile.order_topics,
    }
    if name in registers:
        return register_domain(registers[name])
    return _label_domain(profile, name)


def _named(register: Mapping[str, Named]) -> Register[Named]:
    if not isinstance(register, Register):
        raise TypeError(f"a register is wanted, not {type(register)}")
    return register


def register_domain(names: Mapping[str, Named]) -> Domain:
    """The names of a register, by spelling on a day, or by code."""
    register = _named(names)
    begins = [date.min, *_turning_days(register)]

    @cache
    def find_since(word: str, begin: date | None) -> str | None:
        member = register.find(word, begin)
        if member is not None:
            return member.code
        return word if word in register else None

    def find(word: str, day: int | None) -> str | None:
        if day is None:
            return find_since(word, None)
        # From one turning day to the next a word means the same: it is asked once for all of them.
        return find_since(word, begins[bisect_right(begins, _EPOCH_DAY + timedelta(days=day)) - 1])

    def names_of(code: str) -> tuple[str, ...]:
        return (register[code].name, register[code].short_name) if code in register else ()

    return Domain(
        find=find,
        by_day=any(member.validity != ALWAYS for member in register.values()),
        spellings=tuple(register.spellings()),
        names=names_of,
    )


def _turning_days(register: Register[Named]) -> list[date]:
    """The days from which on other members of a register exist than before, in order."""
    spans = [member.validity for member in register.values()]
    ends = {span.last + timedelta(days=1) for span in spans if span.last not in {None, date.max}}
    return sorted(ends | {span.first for span in spans if span.first is not None})


def _label_domain(profile: Profile, name: str) -> Domain:
    labels: tuple[Label, ...] = profile.labels[name]
    codes = {label.code for label in labels}

    def find(word: str, _day: int | None) -> str | None:
        label = profile.find_label(name, word)
        if label is not None:
            return label.code
        return word if word in codes else None

    return Domain(
        find=find,
        by_day=False,
        spellings=tuple(s for label in labels for s in label.spellings),
        names=lambda code: (profile.label(name, code).name,) if code in codes else (),
    )


def flag_finder(profile: Profile, column: str) -> Callable[[str], bool | None]:
    """A function from a word to yes, no or None (not understood), for a yes/no column."""
    yes, no = _FLAG_WORDS.get(column, ("", ""))
    special = {fold(word): True for word in yes.split()} | {fold(word): False for word in no.split()}

    def find(word: str) -> bool | None:
        label = profile.find_label("flag", word)
        return special.get(fold(word)) if label is None else label.code == "yes"

    return find


def find_dependent(spoken: Spoken, on: Array, domains: Mapping[str, Domain], days: Ints) -> Words:
    """Codes of words whose domain hangs on the row's code in another column, `on`.

    Rows whose other code is null are left null and are not bad: the fault is the other column's.
    """
    count = len(spoken.which)
    order = np.zeros(0, dtype=np.int64)
    pieces: list[Array] = []
    bad = np.zeros(count, dtype=bool)
    for code in pc.unique(on).to_pylist():
        rows = positions(bools(pc.equal(on, code)) if code is not None else ~bools(pc.is_valid(on)))
        order = np.concatenate([order, rows])
        if code is None:
            pieces.append(pa.nulls(len(rows), CODE))
            continue
        domain = domains[code]
        found = find_codes(spoken.take(rows), domain.find, days[rows] if domain.by_day else None)
        bad[rows] = found.bad
        pieces.append(found.values)
    if not pieces:
        return Words(values=pa.nulls(count, CODE), bad=bad)
    back = np.empty(count, dtype=np.int64)
    back[order] = np.arange(count)
    return Words(values=joined(pieces).take(pa.array(back)), bad=bad)


def dependent_domains(
    profile: Profile, name: str, columns: Mapping[str, Array]
) -> tuple[Array, Mapping[str, Domain]]:
    """The key on which each row's domain hangs, and the domains by key."""
    on: Any = columns[DEPENDS_ON[name]]
    if name == "subtopics":
        return on, _subtopics(profile, profile.order_scheme)
    schemes = {code: box.scheme for code, box in profile.mailboxes.items()}
    if name == "mailbox_topics":
        return on, {code: register_domain(profile.schemes[scheme]) for code, scheme in schemes.items()}
    # Topic codes are unique within a scheme only: the key is both.
    boxes, which = distinct(columns["mailbox"])
    scheme_of = spread([schemes[box] for box in boxes], which, pa.string())
    key: Array = pc.binary_join_element_wise(scheme_of, on.cast(pa.string()), "/")
    found = {
        f"{scheme}/{topic}": domain
        for scheme in set(schemes.values())
        for topic, domain in _subtopics(profile, scheme).items()
    }
    return key, found


def _subtopics(profile: Profile, scheme: str) -> dict[str, Domain]:
    return {topic: register_domain(profile.subtopics(scheme, topic)) for topic in profile.schemes[scheme]}
