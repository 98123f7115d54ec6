"""Citizens' words for demo orders: patterns with slots, filled so that no finished text recurs often."""

import random
import re
import string
import tomllib
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jieban.demo.targets import BadDemo, DemoPlan, Matter
from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.profile.city import Profile, Register

STREET_UNIT = "@street"
"""In a list of units: the unit of the street or township where the matter lies."""

GOES_ON = "next"
"""In the tables of what a reply says besides: for one that tells of something to come."""

ANYWHERE = "any"
"""The `place` of a matter that can lie in every street."""

MOST_ALIKE = 3
LEAST_PATTERNS = 5
_TRIES = 60
STOP = "。"
# How it was gone about, what was done, what is to come, and that the citizen was told.
_REPLY = re.compile(r"((?:\{\w+\})*)((?:(?!\{next\}|\{told\w*\}).)*)(\{next\})?(\{told\w*\})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A text with slots, the request type that it suits, and where it is bound to some units or kinds of place."""

    request_type: str
    text: str
    leads: tuple[str, ...]
    place_kinds: tuple[str, ...] | None

    def suits(self, request_type: str, leads: Container[str], place_kind: str | None) -> bool:
        """Whether it can be said of an order of this type, with a lead known as any of `leads`, in such a place."""
        return (
            self.request_type == request_type
            and (not self.leads or any(lead in leads for lead in self.leads))
            and (place_kind is None or self.place_kinds is None or place_kind in self.place_kinds)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterTexts:
    """What is said about a matter, which units lead and assist in it (usual ones first), and how they reply."""

    scheme: str
    matter: Matter
    lead: tuple[str, ...]
    assist: tuple[str, ...]
    site_visit: bool
    place_kinds: tuple[str, ...] | None
    patterns: tuple[Pattern, ...]
    replies: tuple[str, ...]

    @property
    def request_types(self) -> Mapping[str, int]:
        """How many patterns each request type has."""
        return Counter(pattern.request_type for pattern in self.patterns)

    def suiting(
        self, request_type: str, leads: Container[str], place_kind: str | None = None
    ) -> list[Pattern]:
        """The patterns that suit an order."""
        return [pattern for pattern in self.patterns if pattern.suits(request_type, leads, place_kind)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrasebook:
    """All texts of a city's demo. `replies` by request type go before a matter's own.

    `template` says how each text of the city's reply template is put together, in the template's order; `states` and
    `onwards` are what is said there of how it stands and of what comes next: by request type, "" for all others, and
    under GOES_ON where the matter's own reply tells of something to come.
    """

    matters: Mapping[tuple[str, Matter], MatterTexts]
    replies: Mapping[str, tuple[str, ...]]
    template: tuple[str, ...]
    states: Mapping[str, tuple[str, ...]]
    onwards: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]


def read_phrasebook(profile: Profile, plan: DemoPlan) -> Phrasebook:
    """The texts in the demo folder's `texts/`. Raises BadDemo for names that the profile doesn't know."""
    matters: dict[tuple[str, Matter], MatterTexts] = {}
    slots: dict[str, tuple[str, ...]] = {}
    names: dict[str, tuple[str, ...]] = {}
    replies: dict[str, tuple[str, ...]] = {}
    states: dict[str, tuple[str, ...]] = {}
    onwards: dict[str, tuple[str, ...]] = {}
    template: dict[str, str] = {}
    for file in sorted((plan.directory / "texts").glob("*.toml")):
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        slots.update({name: tuple(words) for name, words in raw.get("slots", {}).items()})
        names.update({name: tuple(words) for name, words in raw.get("names", {}).items()})
        where = Where(file=str(file), column="replies")
        for key, table in (("replies", replies), ("reply_state", states), ("reply_onward", onwards)):
            for request_type, said in raw.get(key, {}).items():
                named = request_type in {"", GOES_ON} and table is not replies
                code = request_type if named else _find(profile.request_types, request_type, where)
                table[code] = tuple(said)
        template |= raw.get("reply_template", {})
        for entry in raw.get("matter", []):
            texts = _matter(profile, plan, entry, file)
            matters[texts.scheme, texts.matter] = texts
    return Phrasebook(
        matters=matters,
        replies=replies,
        template=_template(profile, template),
        states=states,
        onwards=onwards,
        slots=slots,
        names=tuple(name for key, words in names.items() if key != "surnames" for name in words),
    )


def _template(profile: Profile, patterns: Mapping[str, str]) -> tuple[str, ...]:
    """The patterns of the texts that a reply must have, in the order of the city's template."""
    wanted = [each.code for each in profile.workflow.reply if each.required and not each.choices]
    if set(wanted) != set(patterns):
        raise BadDemo(tr("演示文本的 [reply_template] 应写明答复模板的 {names}。", names="、".join(wanted)))
    return tuple(patterns[code] for code in wanted)


def _matter(profile: Profile, plan: DemoPlan, entry: Mapping[str, Any], file: Path) -> MatterTexts:
    where = Where(file=str(file), column=f"{entry['topic']}/{entry['subtopic']}")
    topic = _find(profile.schemes[entry["scheme"]], entry["topic"], where)
    subtopic = entry["subtopic"] and _find(
        profile.subtopics(entry["scheme"], topic), entry["subtopic"], where
    )

    def units(spellings: Iterable[str]) -> tuple[str, ...]:
        return tuple(s if s == STREET_UNIT else _find(profile.units, s, where) for s in spellings)

    def kinds(place: str) -> tuple[str, ...] | None:
        if place != ANYWHERE and place not in plan.place_kinds:
            raise BadDemo(tr("demo.toml 没有说明地点“{place}”指哪些街道。", place=place), where=where)
        return None if place == ANYWHERE else plan.place_kinds[place]

    place = entry.get("place", ANYWHERE)
    patterns = tuple(
        Pattern(
            request_type=_find(profile.request_types, pattern["type"], where),
            text=pattern["text"],
            leads=units(pattern.get("lead", ())),
            place_kinds=kinds(pattern.get("place", place)),
        )
        for pattern in entry["patterns"]
    )
    if len(patterns) < LEAST_PATTERNS:
        raise BadDemo(tr("每类事项至少要有 {n} 种说法。", n=LEAST_PATTERNS), where=where)
    return MatterTexts(
        scheme=entry["scheme"],
        matter=(topic, subtopic),
        lead=units(entry["lead"]),
        assist=units(entry.get("assist", ())),
        site_visit=entry.get("site_visit", False),
        place_kinds=kinds(place),
        patterns=patterns,
        replies=tuple(entry["replies"]),
    )


def _find(register: Register[Any], spelling: str, where: Where) -> str:
    found = register.find(spelling)
    if found is None:
        raise BadDemo(tr("配置中没有“{name}”。", name=spelling), where=where)
    return str(found.code)


class Speaker:
    """Finishes texts from one phrasebook and counts them, so that none is used more than MOST_ALIKE times."""

    def __init__(self, book: Phrasebook, rng: random.Random) -> None:
        self._book, self._rng = book, rng
        self._said: Counter[str] = Counter()
        # What a reply says besides changes nothing of what else is drawn.
        self._aside = random.Random(0)  # noqa: S311  # made-up words, no secret

    def say(self, patterns: Sequence[str], facts: Mapping[str, str]) -> str:
        """A finished text from one of `patterns`. Raises BadDemo when they have no more to say."""
        for _ in range(_TRIES):
            text = self.fill(self._rng.choice(patterns), facts)
            if self._said[text] < MOST_ALIKE:
                self._said[text] += 1
                return text
        raise BadDemo(tr("说法不够用:“{text}”已出现 {n} 次。", text=patterns[0], n=MOST_ALIKE))

    def fill(self, pattern: str, facts: Mapping[str, str]) -> str:
        """`pattern` with its slots filled from the facts of the order, else from the phrasebook's words."""
        values = dict(facts)
        for _, name, _, _ in string.Formatter().parse(pattern):
            if name and name not in values:
                words = self._book.slots.get(name)
                if words is None:
                    raise BadDemo(tr("说法里的 {{{name}}} 没有可填的词。", name=name))
                # A slot's words may hold slots themselves.
                values[name] = self.fill(self._rng.choice(words), values)
        return pattern.format(**values)

    def reply(self, texts: MatterTexts, request_type: str, facts: Mapping[str, str], *, told: str) -> str:
        """What a unit answers after the city's template, a paragraph for each of its texts.

        `told` names the slot that says whether the citizen was told, where there is one.
        """
        patterns = self._book.replies.get(request_type, texts.replies)
        words = self._book.slots.get(told)
        said = {"told": self.fill(self._rng.choice(words), facts)} if words else {}
        return self.templated(self._rng.choice(patterns), request_type, {**facts, **said})

    def answer(self, pattern: str, facts: Mapping[str, str], *, whole: bool) -> str:
        """What a letter is answered: in one piece by the mailbox itself, by a unit after the template."""
        return self.fill(pattern, facts) if whole else self.templated(pattern, "", facts)

    def templated(self, pattern: str, request_type: str, facts: Mapping[str, str]) -> str:
        """A reply by a pattern, in the paragraphs of the city's template."""
        found = _REPLY.fullmatch(pattern)
        if found is None:
            raise BadDemo(tr("答复的写法“{text}”不是“开头、正文、{{next}}、{{told}}”。", text=pattern))
        opening, body, goes_on, told = (self.fill(part or "", facts) for part in found.groups())
        if not opening and body.count(STOP) > 1:
            opening, body = (part + STOP for part in body.removesuffix(STOP).split(STOP, 1))
        kind = GOES_ON if goes_on else request_type
        parts = {
            "opening": opening,
            "body": body,
            "told": told,
            "state": self._besides(self._book.states, kind, facts),
            "onward": goes_on or self._besides(self._book.onwards, kind, facts),
        }
        return "\n".join(each.format(**{**facts, **parts}) for each in self._book.template)

    def _besides(self, table: Mapping[str, tuple[str, ...]], kind: str, facts: Mapping[str, str]) -> str:
        words = self._aside.choice(table.get(kind, table[""]))
        return words.format(**facts)
