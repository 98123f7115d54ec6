"""A month of letters to a leader's mailbox."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from jieban.demo.month import MonthMaker
from jieban.demo.targets import MailboxTarget
from jieban.demo.texts import STREET_UNIT
from jieban.demo.times import call_moment, month_days, when_facts
from jieban.ledger.schema import DEMO_PREFIX, LetterDisposition

_LESS_USUAL = 0.6
_PUBLISHED = 0.4
_LONGEST = timedelta(days=6)
_LAST_BEFORE_END = timedelta(hours=4)


def letters(
    target: MailboxTarget, maker: MonthMaker, communities: Mapping[str, Sequence[str]]
) -> list[dict[str, object]]:
    """The mailbox's letters as canonical rows in order of receipt, all closed before the report is made."""
    rng, profile = maker.rng, maker.profile
    matters = [matter for matter, count in target.matters.items() for _ in range(count)]
    rng.shuffle(matters)
    days = month_days(maker.month.first)
    arrivals = sorted(
        min(
            call_moment(rng.choice(days), maker.plan.hour_weights, profile.clock, rng),
            maker.end - _LAST_BEFORE_END,
        )
        for _ in matters
    )
    answered = set(rng.sample(range(len(matters)), target.answered))
    rows: list[dict[str, object]] = []
    for number, (received, matter) in enumerate(zip(arrivals, matters, strict=True)):
        texts = maker.book.matters[profile.mailboxes[target.mailbox].scheme, matter]
        units = [unit for unit in texts.lead if unit != STREET_UNIT]
        unit = rng.choices(units, weights=[_LESS_USUAL**place for place in range(len(units))])[0]
        patterns = [p for p in texts.patterns if not p.leads or unit in p.leads]
        kinds = rng.choice(patterns).place_kinds
        street = rng.choice([s for s in maker.streets if kinds is None or s.kind in kinds])
        facts = {
            "street": street.short_name,
            "community": rng.choice(communities[street.code]),
            "lead": profile.units[unit].short_name,
            **when_facts(received, profile.clock, rng),
        }
        facts["address"] = facts["street"] + facts["community"]
        said = [p.text for p in patterns if p.place_kinds is None or street.kind in p.place_kinds]
        answers = number in answered
        closed = maker.office.between(received, min(received + _LONGEST, maker.end), rng, 0.4)
        rows.append(
            {
                "letter_no": f"{DEMO_PREFIX}-{target.mailbox.upper()}-{maker.month.first:%Y%m}-{number + 1:03d}",
                "mailbox": target.mailbox,
                "received_at": received,
                "topic": matter[0],
                "subtopic": matter[1] or None,
                "disposition": (LetterDisposition.ANSWERED if answers else LetterDisposition.TRANSFERRED),
                "unit": unit,
                "closed_at": closed,
                "published": rng.random() < _PUBLISHED,
                "content": maker.speaker.say(said, facts),
                "reply": maker.speaker.answer(rng.choice(texts.replies), facts, whole=answers),
            }
        )
    return rows
