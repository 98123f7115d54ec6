"""Random acts by random people at random times, across the holidays of 2025 and into a year without a calendar."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

import pytest
from cast import MINUTE, at, dispatched, handled, recorded, replied, signed, units
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from machine.plays import PLAYS, Move
from machine.world import World

from jieban.orders.moves import MOVES
from jieban.people.acts import Act
from jieban.people.models import Account, Post
from live_database import override_settings

BEGINNINGS = (
    "2025-04-25 10:30",
    "2025-04-30 19:00",
    "2025-09-26 16:10",
    "2025-09-30 09:59",
    "2041-12-30 11:00",
)
NOT_PLAYED = {"absorb", "release", "warn", "recompute_clocks"}
"""Halves of others, and jobs: they are played with those."""

STAGES = {
    "recorded": recorded,
    "dispatched": dispatched,
    "signed": signed,
    "replied": replied,
    "handled": handled,
}

_times = st.one_of(
    st.sampled_from([timedelta(0), timedelta(seconds=-1), timedelta(minutes=7), timedelta(hours=-30)]),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=20)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)),
)
_moves = st.builds(
    Move,
    act=st.one_of(
        st.just("likely"),
        st.just("likely"),
        st.just("likely"),
        st.sampled_from(["record", "jobs", "redact_late", *sorted(PLAYS)]),
    ),
    order=st.integers(0, 11),
    handling=st.integers(0, 5),
    who=st.integers(0, 199),
    later=_times,
    pick=st.integers(0, 9_999),
    dice=st.integers(0, 9_999),
    yes=st.booleans(),
)


class Play(RuleBasedStateMachine):
    """One game; its rows are rolled back at its end."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()

    @initialize(
        city=st.sampled_from(["changji", "yunting"]),
        begin=st.sampled_from(BEGINNINGS),
        stages=st.lists(st.tuples(st.sampled_from(sorted(STAGES)), st.integers(0, 2)), max_size=3),
    )
    def begin(self, city: str, begin: str, stages: list[tuple[str, int]]) -> None:
        self.stack.enter_context(override_settings(JIEBAN_PROFILE=city))
        self.stack.enter_context(_rolled_back())
        now = at(begin)
        worker = Account.objects.create_user("worker", display_name="Wali", joined_at=now)
        Post.objects.create(account=worker, role="handler", unit=units()[0], valid_from=date(2025, 1, 1))
        self.world = World(now=now + 5 * MINUTE, worker=worker.pk)
        for stage, assisting in stages:
            helped = {} if stage == "recorded" else {"assisting": units(3)[1 : 1 + assisting]}
            self.world.numbers.append(STAGES[stage](now=now, **helped))
        self.world.settle()

    @rule(move=_moves)
    def throw(self, move: Move) -> None:
        self.world.throw(move)

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.world.finish()
        finally:
            self.stack.close()


class _rolled_back:  # noqa: N801  # a context
    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic._from_testcase = (
            True  # what is exported is of one moment, in a transaction of its own but for this
        )
        self.atomic.__enter__()

    def __exit__(self, *_: object) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@pytest.fixture
def evidence_disk(tmp_path: Any) -> Iterator[None]:
    from django.conf import settings as django  # noqa: PLC0415  # named apart from Hypothesis'

    known = django.STORAGES["evidence"]
    disk = {**known, "OPTIONS": {**known["OPTIONS"], "location": str(tmp_path)}}
    with override_settings(STORAGES={**django.STORAGES, "evidence": disk}):
        yield


def _play(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Play,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),  # to explain takes too long
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_every_act_is_played() -> None:
    opened_apart = {act.value for act in (Act.RECORD, Act.IMPORT)}
    assert {act.value for act in Act} - opened_apart == set(PLAYS) | NOT_PLAYED
    assert {act.value for act in MOVES} == set(PLAYS) | NOT_PLAYED


@pytest.mark.django_db
@pytest.mark.usefixtures("evidence_disk")
def test_a_short_play_of_random_acts() -> None:
    _play(8, 25)


@pytest.mark.slow(30)
@pytest.mark.timeout(1800)
@pytest.mark.django_db
@pytest.mark.usefixtures("evidence_disk")
def test_thousands_of_random_acts() -> None:
    few = 60 if connection.vendor == "sqlite" else 20  # on the other database, the same code once more
    _play(250 if "JIEBAN_TORTURE" in os.environ else few, 40)
