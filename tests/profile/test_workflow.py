"""Each city's workflow is what its sources say, and nothing in it is one city's alone."""

import pickle
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from jieban.kernel.numbering import NumberPattern
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.profile.model import Basis, Level, Stage
from jieban.profile.workflow import Condition, Counting, HeadCase, Requester, Severity, Workflow
from jieban.worktime import Span

APRIL = date(2025, 4, 12)


def test_the_reply_template_follows_the_seeds_third_chapter(changji: Profile) -> None:
    fields_ = changji.workflow.reply
    assert [each.code for each in fields_] == ["done", "status", "next", "told", "rating"]
    assert all(each.required and each.hint for each in fields_)
    assert [bool(each.choices) for each in fields_] == [False, False, False, True, True]


def test_nobody_is_asked_of_anonymous_and_confidential_requesters(city: Profile) -> None:
    """Ruling 15: what needs speaking with the requester has the same exemption for both."""
    for each in city.workflow.reply:
        assert set(each.not_for) in (set(), {Requester.ANONYMOUS, Requester.CONFIDENTIAL})
        assert bool(each.not_for) == bool(each.choices)
    assert any(each.not_for for each in city.workflow.reply)


def test_a_rating_is_one_that_the_ledger_knows(city: Profile) -> None:
    known = {label.code: label.name for label in city.labels["satisfaction"]}
    (rating,) = [each for each in city.workflow.reply if each.code in {"rating", "verdict"}]
    assert {choice.code for choice in rating.choices} <= known.keys()


def test_the_eight_published_grounds_stand_in_their_order(city: Profile) -> None:
    grounds = city.workflow.unreasonable_grounds
    assert [ground.code for ground in grounds] == [
        "outside_area",
        "statutory_procedure",
        "against_law",
        "secrets_morals",
        "untrue",
        "beyond_reason",
        "found_by_hearing",
        "malicious",
    ]
    assert all(ground.needs_attachment and ground.source for ground in grounds)
    assert city.workflow.reviewing.head_signs == (HeadCase.UNREASONABLE,)


def test_what_hotlines_do_not_take_is_a_ground_to_refuse(city: Profile) -> None:
    assert [ground.code for ground in city.workflow.refusal_grounds] == [
        "litigation",
        "arbitration",
        "discipline_inspection",
        "administrative_review",
        "disclosure",
        "petition",
        "secrets",
        "public_morals",
        "outside_area",
    ]


def test_a_site_visit_brings_two_photos_and_a_call_its_recording(city: Profile) -> None:
    evidence = city.workflow.evidence
    assert [kind.code for kind in evidence.kinds] == [
        "call_recording",
        "photo_before",
        "photo_after",
        "video",
        "document",
    ]
    demanded = {demand.when: demand.kinds for demand in evidence.demands}
    assert demanded[Condition.SITE_VISIT] == ("photo_before", "photo_after")
    assert demanded[Condition.PHONE_CONTACT] == ("call_recording",)
    for demand in evidence.demands:
        assert set(demand.request_types) <= set(city.request_types)


def test_the_ladder_warns_before_and_at_every_units_deadline(city: Profile) -> None:
    ladder = city.workflow.ladder
    for stage in Stage:
        hours = [step.hours for step in ladder if step.level is Level.HANDLING and step.stage is stage]
        assert 0 in hours
        assert max(hours) > 0
        assert hours == sorted(hours, reverse=True)
    assert len({step.id for step in ladder}) == len(ladder)
    assert all(step.severity is Severity.RED for step in ladder if step.hours <= 0)
    places = [(step.level, step.stage) for step in ladder]
    assert places == sorted(places)


def test_changji_warns_as_published_and_counts_as_its_report(changji: Profile) -> None:
    closing = [
        step.hours
        for step in changji.workflow.ladder
        if step.level is Level.HANDLING and step.stage is Stage.CLOSE
    ]
    assert closing == [48, 24, 0]
    assert changji.workflow.co_handling.counting is Counting.EACH_UNIT
    assert changji.workflow.escalation.reworks == changji.workflow.escalation.declining_units == 3
    assert changji.workflow.returns.ask_within == Span(amount=2, basis=Basis.WORKING_DAYS)


def test_changjis_numbers_can_be_read_out_on_the_phone(changji: Profile) -> None:
    numbering = changji.workflow.numbering
    number = numbering.make(APRIL, 150)
    assert len(number) == 11
    assert number.startswith("2504120150")
    assert re.fullmatch(r"\d{3} \d{4} \d{4}", numbering.spoken(number))


def test_the_invented_city_works_otherwise(changji: Profile, yunting: Profile) -> None:
    same = {
        f.name
        for f in fields(Workflow)
        if getattr(changji.workflow, f.name) == getattr(yunting.workflow, f.name)
    }
    assert same == {"refusal_grounds", "unreasonable_grounds", "reviewing", "review_points"}
    assert [each.workflow.online.channel for each in (changji, yunting)] == ["web", "pocket"]
    assert [each.workflow.online.unoffered for each in (changji, yunting)] == [("invalid",), ()]
    assert yunting.workflow.callbacks.before_close
    assert not changji.workflow.callbacks.before_close
    assert yunting.workflow.numbering.scope(APRIL) == "YT2025-"
    assert min(step.hours for step in yunting.workflow.ladder) < 0


def test_every_value_of_the_base_says_where_it_comes_from(repo: Path) -> None:
    """A comment block stands over each part, and names a place, a paper, or that it is assumed."""
    text = (repo / "profiles" / "_base" / "workflow.toml").read_text("utf-8")
    parts = re.split(r"\n\n(?=# )", text)
    covered = {
        name for part in parts for name in re.findall(r"^\[{1,2}([a-z_]+)|^(numbering)", part, re.MULTILINE)
    }
    # Channels and topics are each city's own: the base can name none.
    assert {a or b for a, b in covered} == {f.name for f in fields(Workflow)} - {"online"}
    for part in parts:
        if re.search(r"^(\[|numbering)", part, re.MULTILINE):
            comment = "".join(re.findall(r"^#.*", part, re.MULTILINE))
            assert re.search(r"[市省旗盟尔勒东]|某局|国办函|受理范围|假定", comment), part[:80]
    assert "假定" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("YT{yyyy}", "YT{yy}"),
        ("min_chars = 20", "min_chars = 21"),
        ("先说结论", "先讲结论"),
        ('after_close = ["call_recording", "document"]', 'after_close = ["document"]'),
        (
            'hours = -24\nseverity = "red"\ntells = ["dispatcher", "leader"]',
            'hours = -25\nseverity = "red"\ntells = ["dispatcher", "leader"]',
        ),
        ("per_handling_max = 8", "per_handling_max = 9"),
        ("hours = 8", "hours = 9"),
        ('tells = ["handler"]', 'tells = ["handler", "head"]'),
        ("reworks = 2", "reworks = 1"),
        ("{ amount = 4, basis", "{ amount = 5, basis"),
        ("before_close = true", "before_close = false"),
        ("within_days = 15", "within_days = 16"),
        ("evidence_days = 365", "evidence_days = 366"),
        ("days = 60", "days = 61"),
        ("lead_only", "each_unit"),
    ],
)
def test_any_change_of_the_workflow_changes_the_version(
    copy_of: Callable[[str], Path], yunting: Profile, old: str, new: str
) -> None:
    directory = copy_of("yunting")
    path = directory / "workflow.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert load_profile(directory).version != yunting.version
    path.write_text("# 说明\n" + text, "utf-8")
    assert load_profile(directory).version == yunting.version


def test_the_order_of_the_ladders_steps_is_not_content(
    copy_of: Callable[[str], Path], yunting: Profile
) -> None:
    directory = copy_of("yunting")
    path = directory / "workflow.toml"
    head, *steps = path.read_text("utf-8").split("[[ladder]]\n")
    last, _, tail = steps[-1].partition("# 两次返工")
    steps = [*steps[:-1], last]
    path.write_text("[[ladder]]\n".join([head, *reversed(steps)]) + "# 两次返工" + tail, "utf-8")
    assert load_profile(directory).workflow == yunting.workflow


def test_the_workflow_travels_and_can_not_be_changed(city: Profile) -> None:
    there = pickle.loads(pickle.dumps(city.workflow))  # noqa: S301 - our own bytes
    assert there == city.workflow
    assert isinstance(there.numbering, NumberPattern)
    with pytest.raises(AttributeError):
        city.workflow.reply = ()  # type: ignore[misc]


def test_units_lie_inside_others(changji: Profile, yunting: Profile) -> None:
    assert yunting.units["water-works"].parent == "rivers"
    assert yunting.units_within("rivers") == {"rivers", "water-works"}
    assert yunting.units_within("water-works") == {"water-works"}
    assert all(unit.parent is None for unit in changji.units.values())
    with pytest.raises(KeyError):
        yunting.units_within("no-such-unit")


def test_units_inside_units_inside_units(copy_of: Callable[[str], Path]) -> None:
    directory = copy_of("yunting")
    path = directory / "units.csv"
    text = path.read_text("utf-8").replace("自来水厂,,,,,rivers", "自来水厂,,,,,gas-works")
    path.write_text(text.replace("燃气厂,,,,,", "燃气厂,,,,,nature"), "utf-8")
    city = load_profile(directory)
    assert city.units_within("nature") == {"nature", "gas-works", "water-works"}
    assert city.units_within("gas-works") == {"gas-works", "water-works"}
    assert city.units_within("rivers") == {"rivers"}
