"""Figures as they could come from any ledger, at random: sparse, lopsided, sometimes without other periods."""

import random

from hand_figures import Numbers

from jieban.indicators.model import Kind
from jieban.indicators.registry import REGISTRY
from jieban.profile.city import Profile
from jieban.report.details import Details, DissatisfiedOrder, Flag, Intake, LateHandling

__all__ = ["DissatisfiedOrder", "Flag", "Intake", "LateHandling", "random_details", "random_numbers"]

_FEW = (0, 0, 1, 1, 2, 3, 30, 400)


class _Codes:
    """Some codes of every dimension, with rows that lack one."""

    def __init__(self, profile: Profile, rng: random.Random) -> None:
        self.profile, self.rng = profile, rng

    def some(self, codes: list[str], *, missing: bool = True) -> list[str]:
        picked = self.rng.sample(codes, min(len(codes), self.rng.choice((0, 1, 2, 6))))
        return [*picked, *([""] if missing and self.rng.random() < 0.3 else [])]

    def of(self, dimension: str, before: tuple[str, ...]) -> list[str]:
        if dimension in {"topic", "subtopic"}:
            return self._of_scheme(dimension, before)
        profile = self.profile
        always = {
            "day": [f"2025-04-{day:02}" for day in range(1, 31)],
            "hour": [f"{hour:02}" for hour in range(24)],
            "weekday": [str(day) for day in range(1, 8)],
        }
        if dimension in always:
            return always[dimension]
        coded = {
            "unit": list(profile.units),
            "unit_group": [label.code for label in profile.unit_groups],
            "street": list(profile.streets),
            "channel": list(profile.channels),
            "request_type": list(profile.request_types),
            "mailbox": list(profile.mailboxes),
            "role": ["lead", "assist"],
            "urgency": ["normal", "urgent"],
        }
        return self.some(coded[dimension], missing=dimension not in {"unit_group", "mailbox", "role"})

    def _of_scheme(self, dimension: str, before: tuple[str, ...]) -> list[str]:
        """Topics of orders, or of the mailbox that stands before."""
        profile = self.profile
        mailbox = before[0] if before and before[0] in profile.mailboxes else ""
        scheme = profile.mailboxes[mailbox].scheme if mailbox else profile.order_scheme
        if dimension == "topic":
            return self.some(list(profile.schemes[scheme]), missing=False)
        return self.some(list(profile.subtopics(scheme, before[-1])))


def _cuts(codes: _Codes, dimensions: tuple[str, ...]) -> list[dict[str, str]]:
    cuts: list[dict[str, str]] = [{}]
    for dimension in dimensions:
        cuts = [{**cut, dimension: code} for cut in cuts for code in codes.of(dimension, tuple(cut.values()))]
    return cuts


def random_numbers(profile: Profile, rng: random.Random) -> Numbers:
    """Values of every indicator that chance keeps; parts needn't add up to wholes, which 校核 must bear."""
    numbers, codes = Numbers(), _Codes(profile, rng)
    compared = rng.random() < 0.7
    for name, declared in REGISTRY.items():
        if rng.random() < 0.1 or (declared.kind is Kind.CHANGE and not compared):
            continue
        for cut in (cut for dimensions in declared.cuts for cut in _cuts(codes, dimensions)):
            number, other = rng.choice(_FEW), rng.choice(_FEW)
            match declared.kind:
                case Kind.COUNT:
                    numbers.count(name, number, **cut)
                case Kind.CHANGE:
                    numbers.change(name, number, rng.choice((other, None)), **cut)
                case Kind.RATE | Kind.WEIGHTED_RATE | Kind.CHOSEN:
                    numbers.rate(name, min(number, other), other, **cut)
                case _:
                    numbers.level(name, str(number), **cut)
    return numbers


def random_details(rng: random.Random) -> Details:
    """Counts of rows, sometimes none."""
    if rng.random() < 0.5:
        return Details()
    return Details(
        flags=(Flag(table="工单", code="unknown_street", rows=rng.choice(_FEW)),),
        outside=rng.choice(_FEW),
        intake=(Intake(table="工单", read=9, accepted=7, rejected=1, left_out=1),),
    )
