"""The rows behind figures: late handlings, dissatisfied orders, doubts, orders of other days."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hand_figures import APRIL
from hand_ledger import ZONE, at, ledger

from jieban.indicators.compute import compute
from jieban.ledger.schema import Ledger
from jieban.profile.city import Profile
from jieban.profile.model import Precedence, Stage
from jieban.report.details import Details, Flag
from jieban.report.query import read_details

CUTOFF = datetime(2025, 5, 3, 16, tzinfo=ZONE)


def details(made: Ledger, profile: Profile, cutoff: datetime = CUTOFF) -> Details:
    return read_details(made, compute(made, profile, APRIL, cutoff=cutoff, windows=()))


def handling(number: int, **given: Any) -> dict[str, Any]:
    return {
        "handling_no": f"{number}-1",
        "order_no": str(number),
        "sign_due_at": at(2),
        "close_due_at": at(8),
        "signed_at": at(2, 9),
        "closed_at": at(3),
        **given,
    }


def order(number: int, **given: Any) -> dict[str, Any]:
    return {"order_no": str(number), "signed_at": at(2, 9), "closed_at": at(3), **given}


def test_late_handlings_with_deadline_act_and_excess(changji: Profile) -> None:
    made = ledger(
        [order(n) for n in range(1, 7)],
        [
            handling(1),
            handling(2, signed_at=at(2, 15), unit="finance"),
            handling(3, closed_at=at(9, 11)),
            handling(4, closed_at=None),
            handling(5, signed_at=at(2, 11), returned=True),
            handling(6, dispatched_at=at(31, month=3), signed_at=at(4)),
        ],
    )
    late = details(made, changji).late
    assert [(one.stage, one.order_no, one.unit, one.deadline, one.actual, one.over) for one in late] == [
        (Stage.CLOSE, "3", "police", at(8), at(9, 11), timedelta(days=1, hours=1)),
        (Stage.CLOSE, "4", "police", at(8), None, CUTOFF - at(8)),
        (Stage.SIGN, "2", "finance", at(2), at(2, 15), timedelta(hours=5)),
    ]


def test_the_unit_with_most_stands_first_then_the_earliest_deadline(changji: Profile) -> None:
    made = ledger(
        [order(n) for n in range(1, 5)],
        [
            handling(1, signed_at=at(5), unit="housing"),
            handling(2, signed_at=at(5), unit="transport", sign_due_at=at(3)),
            handling(3, signed_at=at(5), unit="transport"),
            handling(4, signed_at=at(5), unit="police"),
        ],
    )
    assert [one.order_no for one in details(made, changji).late] == ["3", "2", "1", "4"]


def test_an_act_after_the_cut_off_has_not_happened_yet(changji: Profile) -> None:
    made = ledger([order(1)], [handling(1, closed_at=at(5, month=5))])
    (late,) = details(made, changji).late
    assert (late.actual, late.over) == (None, CUTOFF - at(8))
    assert details(made, changji, cutoff=at(7)).late == ()


def test_orders_that_are_not_assessed_or_do_not_count_make_nobody_late(changji: Profile) -> None:
    made = ledger(
        [order(1, excluded=True), order(2, disposition="merged"), order(3, disposition="split"), order(4)],
        [handling(n, signed_at=at(5)) for n in range(1, 5)],
    )
    assert [one.order_no for one in details(made, changji).late] == ["4"]


def test_the_profile_says_whose_deadline_counts(changji: Profile) -> None:
    stated_first = replace(changji, counting=replace(changji.counting, deadline_precedence=Precedence.STATED))
    made = ledger(
        [order(1), order(2)],
        [
            handling(1, signed_at=at(3), stated_sign_due_at=at(4)),
            handling(2, signed_at=at(3), sign_due_at=None, stated_sign_on_time=False),
        ],
    )
    computed = details(made, changji).late
    assert [(one.order_no, one.deadline) for one in computed] == [("1", at(2)), ("2", None)]
    assert [(one.order_no, one.deadline, one.over) for one in details(made, stated_first).late] == [
        ("2", None, timedelta(0))
    ]


def test_units_that_were_renamed_answer_under_their_new_name(changji: Profile) -> None:
    made = ledger([order(1)], [handling(1, unit="agriculture-old", signed_at=at(5))])
    assert [one.unit for one in details(made, changji).late] == ["agriculture"]


def test_dissatisfied_orders_under_the_unit_that_leads(changji: Profile) -> None:
    said = {"satisfaction": "dissatisfied", "content": "电梯停用", "reply": "已修复", "requester": "张伟"}
    made = ledger(
        [
            order(1, **said, subtopic="property-management"),
            order(2, **said),
            order(3, **said, excluded=True),
            order(4, satisfaction="satisfied"),
            order(5, **said, dispatched_at=at(1, month=5)),
        ],
        [
            handling(1, role="assist", unit="finance"),
            handling(1, handling_no="1-2", unit="transport", returned=True),
            handling(1, handling_no="1-3", unit="housing"),
            handling(2, unit="transport", returned=True),
        ],
    )
    first, second = details(made, changji).dissatisfied
    assert (first.order_no, first.unit, first.subtopic) == ("1", "housing", "property-management")
    assert (first.content, first.reply, first.requester) == ("电梯停用", "已修复", "张伟")
    assert (second.order_no, second.unit, second.subtopic) == ("2", "", "")


def test_doubts_are_counted_by_table_and_kind(changji: Profile) -> None:
    made = ledger(
        [order(1, flags="unknown_street,unknown_channel"), order(2, flags="unknown_street"), order(3)],
        [handling(1, flags="second_lead")],
    )
    assert details(made, changji).flags == (
        Flag(table="工单", code="unknown_channel", rows=1),
        Flag(table="工单", code="unknown_street", rows=2),
        Flag(table="承办", code="second_lead", rows=1),
    )


def test_orders_of_days_that_nothing_is_told_of(changji: Profile) -> None:
    made = ledger(
        [
            order(1),
            order(2, dispatched_at=at(31, month=3)),
            order(3, dispatched_at=at(30, year=2024)),
            order(4, dispatched_at=at(1, month=2)),
            order(5, dispatched_at=None, received_at=at(9), disposition="answered"),
            order(6, dispatched_at=None, received_at=at(1, month=2), disposition="answered"),
        ],
        [],
    )
    figures = compute(made, changji, APRIL, cutoff=CUTOFF)
    assert read_details(made, figures).outside == 2


@pytest.mark.parametrize("precedence", list(Precedence))
def test_lists_are_as_long_as_the_figures_whatever_the_ledger(
    changji: Profile, tmp_path: Path, precedence: Precedence
) -> None:
    rng = random.Random(7)  # noqa: S311 - made-up rows
    profile = replace(changji, counting=replace(changji.counting, deadline_precedence=precedence))

    def moment() -> datetime | None:
        return rng.choice((None, CUTOFF, at(rng.randint(1, 30)), at(rng.randint(1, 6), month=5)))

    def given() -> dict[str, Any]:
        stages = ("sign", "close")
        row: dict[str, Any] = {"signed_at": moment(), "closed_at": moment()}
        row |= {f"{stage}_due_at": moment() for stage in stages}
        row |= {f"stated_{stage}_due_at": moment() for stage in stages}
        return row | {f"stated_{stage}_on_time": rng.choice((None, True, False)) for stage in stages}

    dispositions = ("dispatched", "dispatched", "dispatched", "merged", "answered")
    orders = [
        order(
            n,
            excluded=rng.random() < 0.2,
            disposition=rng.choice(dispositions),
            satisfaction=rng.choice((None, "dissatisfied", "satisfied")),
            dispatched_at=at(1, month=rng.choice((4, 4, 3))),
        )
        for n in range(150)
    ]
    handlings = [
        handling(rng.randrange(150), **given())
        | {
            "handling_no": f"h{n}",
            "unit": rng.choice(("police", "housing", "forestry-old")),
            "returned": rng.random() < 0.1,
        }
        for n in range(300)
    ]
    made = ledger(orders, handlings)
    figures = compute(made, profile, APRIL, cutoff=CUTOFF, windows=())
    found = read_details(made, figures)
    for stage in Stage:
        counted = figures.get(f"handlings.late_{stage.value}").value
        assert sum(one.stage is stage for one in found.late) == counted
        assert counted
        for (unit,), value in figures.rows(f"handlings.late_{stage.value}", "unit"):
            assert sum(one.stage is stage and one.unit == unit for one in found.late) == value.value
    assert len(found.dissatisfied) == figures.get("orders.dissatisfied").value
    for name, rows in made.tables().items():
        pq.write_table(rows, tmp_path / f"{name}.parquet")
    assert read_details(tmp_path, figures) == found
