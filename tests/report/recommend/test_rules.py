"""Every rule of the base fires on figures beyond its threshold and is silent just short of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hand_figures import MakeContext, Numbers, halved

from jieban.profile.city import BadProfile, Profile
from jieban.profile.model import RecommendationRule
from jieban.report.document import Figure, plain
from jieban.report.recommend.model import by_theme
from jieban.report.recommend.rules import STRATEGIES, advise

Figures = Callable[[Numbers], Numbers]


def part(name: str, count: int, whole: str, of: int) -> Figures:
    return lambda n: n.count(name, count).count(whole, of)


def late(stage: str, **units: int) -> Figures:
    return lambda n: n.parts(f"handlings.late_{stage}", "unit", **units)


def rate(name: str, count: int, of: int, counted: str = "", units: int = 0) -> Figures:
    def put(n: Numbers) -> Numbers:
        n.rate(name, count, of)
        if counted:
            n.count(counted, count)
        if units:
            n.count(counted, units, unit="police")
        return n

    return put


def both_late(sign: int, close: int) -> Figures:
    return lambda n: n.parts("handlings.late_sign", "unit", finance=sign).parts(
        "handlings.late_close", "unit", finance=close, housing=9
    )


def full_rate(close: int, late_sign: int, late_close: int) -> Figures:
    return lambda n: (
        n.rate("orders.on_time_sign", 50, 50)
        .rate("orders.on_time_close", close, 50)
        .count("handlings.late_sign", late_sign)
        .count("handlings.late_close", late_close)
    )


def on_time(part: int, whole: int) -> Figures:
    return lambda n: n.parts("handlings.total", "unit", finance=whole).rate(
        "handlings.on_time_close", part, whole, unit="finance"
    )


def slow(hours: str, count: int) -> Figures:
    return lambda n: n.parts("handlings.total", "unit", finance=count).level(
        "handlings.close_hours_p90", hours, unit="finance"
    )


def unit_growth(now: int, before: int | None) -> Figures:
    return lambda n: n.count("handlings.total", now, unit="finance").change(
        "handlings.change_year_before", now, before, unit="finance"
    )


def topic(count: int, before: int | None, rest: int = 0) -> Figures:
    def put(n: Numbers) -> Numbers:
        n.parts("orders.total", "topic", housing=count, traffic=rest)
        return n.change("orders.change_year_before", count, before, topic="housing")

    return put


def spot(count: int, of: int) -> Figures:
    return lambda n: n.count("orders.total", of, topic="housing").count(
        "orders.total", count, topic="housing", street="sangong"
    )


def letters(count: int, of: int) -> Figures:
    return lambda n: n.count("letters.received", of, mailbox="mayor").count(
        "letters.received", count, mailbox="mayor", topic="labour"
    )


def hours(peak: int, of: int) -> Figures:
    return lambda n: n.count("orders.total", of).count("orders.total", peak, hour="11")


TOPICS = ("housing", "construction", "traffic", "economy", "livelihood", "government", "health", "land")

CASES: dict[str, tuple[Figures, Figures, str]] = {
    "late-sign": (
        late("sign", finance=3, housing=2, police=1, transport=1),
        late("sign", finance=1, housing=1, police=1, transport=1, health=1),
        "本月7件超期签收工单中,最多的是财政局3件(占比42.86%)",
    ),
    "late-close": (
        late("close", finance=5),
        late("close", finance=4),
        "本月5件超期办结工单中,最多的是财政局5件(占比100%)",
    ),
    "late-both": (
        both_late(1, 2),
        both_late(1, 1),
        "1个单位签收、办结两个环节均有超期:财政局(超期签收1件、超期办结2件)",
    ),
    "late-behind-rate": (
        full_rate(50, 0, 1),
        full_rate(49, 3, 3),
        "按期办结率虽为100%,承办环节仍有超期办结1件",
    ),
    "below-target": (on_time(9, 10), on_time(19, 20), "1个单位的按期办结率低于95%:财政局90.00%"),
    "slow": (slow("240", 10), slow("239.9", 10), "1个单位最慢的一成工单办结用时超过240小时:财政局240.0小时"),
    "in-hand": (
        part("orders.in_hand", 15, "orders.total", 100),
        part("orders.in_hand", 14, "orders.total", 100),
        "期末在办工单15件,相当于本月转派工单的15.00%",
    ),
    "satisfaction": (
        rate("orders.satisfaction", 94, 100),
        rate("orders.satisfaction", 95, 100),
        "满意率94.00%,低于95%的目标",
    ),
    "dissatisfied": (
        lambda n: n.parts("orders.dissatisfied", "unit", housing=1),
        lambda n: n.count("orders.dissatisfied", 0),
        "本月有不满意工单1件,涉及住建局",
    ),
    "response": (rate("orders.response", 18, 20), rate("orders.response", 19, 20), "响应率90.00%,低于95%"),
    "resolution": (
        rate("orders.resolution", 16, 20),
        rate("orders.resolution", 17, 20),
        "解决率80.00%,低于85%",
    ),
    "first-time": (
        rate("orders.first_time_close", 18, 20),
        rate("orders.first_time_close", 19, 20),
        "一次办结率90.00%,低于95%",
    ),
    "excluded": (
        part("orders.excluded", 1, "orders.total", 100),
        part("orders.excluded", 1, "orders.total", 101),
        "不纳入考核的工单1件,占转派工单的1.00%",
    ),
    "rework": (
        lambda n: n.parts("handlings.rework", "unit", police=2).count("handlings.total", 100),
        lambda n: n.parts("handlings.rework", "unit", police=1).count("handlings.total", 100),
        "退回重办的承办2件,占2.00%,较多的为公安局2件",
    ),
    "repeat": (
        rate("orders.repeat_rate", 5, 100, "orders.repeat"),
        rate("orders.repeat_rate", 4, 100, "orders.repeat"),
        "重复诉求5件,重复诉求率5.00%",
    ),
    "topic-share": (
        topic(15, None, 85),
        lambda n: n.parts("orders.total", "topic", **dict.fromkeys(TOPICS, 14)),
        "占比居前的为交通出行类85件(占比85.00%)、住房保障类15件(占比15.00%)",
    ),
    "topic-growth": (topic(65, 50), topic(64, 50), "增长较快的诉求为住房保障类65件(同比上升30.00%)"),
    "hot-spots": (spot(60, 400), spot(59, 100), "三工镇的住房保障类工单60件(占该类15.00%)"),
    "mailbox": (letters(5, 10), letters(4, 10), "市长信箱中的劳动维权类来信5件(占该信箱50.00%)"),
    "unit-share": (
        lambda n: n.parts("handlings.total", "unit", housing=20, **dict.fromkeys(("police", "health"), 2)),
        lambda n: n.count("handlings.total", 1000).count("handlings.total", 99, unit="housing"),
        "住建局20件(占比83.33%)",
    ),
    "unit-growth": (
        unit_growth(120, 100),
        unit_growth(119, 100),
        "1个单位的办理量上升较快:财政局120件(同比上升20.00%)",
    ),
    "volume": (
        lambda n: n.count("orders.total", 110).change("orders.change_year_before", 110, 100),
        lambda n: n.count("orders.total", 109).change("orders.change_year_before", 109, 100),
        "本月转派工单110件,较上年同期增加10件,同比上升10.00%",
    ),
    "peak": (hours(60, 500), hours(59, 500), "11时至12时转派工单60件,占12.00%"),
    "returns": (
        rate("handlings.return_rate", 3, 100, "handlings.returns", units=3),
        rate("handlings.return_rate", 2, 100, "handlings.returns", units=2),
        "退单3件,退单率3.00%,较多的为公安局3件",
    ),
    "extensions": (
        rate("handlings.extension_rate", 5, 100, "handlings.extensions", units=5),
        rate("handlings.extension_rate", 4, 100, "handlings.extensions", units=4),
        "延期5件,延期率5.00%,较多的为公安局5件",
    ),
}


def only(profile: Profile, rule: str) -> Profile:
    return replace(profile, recommendations=tuple(r for r in profile.recommendations if r.id == rule))


def test_every_rule_and_every_strategy_has_a_case(changji: Profile) -> None:
    assert {rule.id for rule in changji.recommendations} == set(CASES)
    assert {rule.strategy for rule in changji.recommendations} == set(STRATEGIES)
    assert len(CASES) >= 12


@pytest.mark.parametrize("rule", CASES)
def test_it_fires_and_quotes_its_figures(
    rule: str, numbers: Numbers, changji: Profile, make_context: MakeContext
) -> None:
    firing, _, said = CASES[rule]
    advice = advise(make_context(firing(numbers), profile=only(changji, rule)))
    assert [one.rule for one in advice] == [rule]
    text = halved(plain(advice[0].runs))
    assert said in text
    assert "建议" in text
    figures = [run for run in advice[0].runs if isinstance(run, Figure)]
    assert figures
    assert all(figure.indicator for figure in figures)


@pytest.mark.parametrize("rule", CASES)
def test_it_is_silent_short_of_its_threshold(
    rule: str, numbers: Numbers, changji: Profile, make_context: MakeContext
) -> None:
    _, silent, _ = CASES[rule]
    assert advise(make_context(silent(numbers), profile=only(changji, rule))) == ()


@pytest.mark.parametrize("rule", CASES)
def test_it_is_silent_when_nothing_was_computed(
    rule: str, numbers: Numbers, changji: Profile, make_context: MakeContext
) -> None:
    assert advise(make_context(numbers, profile=only(changji, rule))) == ()


def test_a_rate_that_only_rounds_to_a_hundred_hides_nothing(
    numbers: Numbers, changji: Profile, make_context: MakeContext
) -> None:
    numbers.rate("orders.on_time_sign", 99_999, 100_000).rate("orders.on_time_close", 100, 100)
    numbers.count("handlings.late_sign", 1).count("handlings.late_close", 1)
    assert advise(make_context(numbers, profile=only(changji, "late-behind-rate"))) == ()


def test_growth_on_the_month_before_counts_where_the_year_before_is_unknown(
    numbers: Numbers, changji: Profile, make_context: MakeContext
) -> None:
    numbers.count("orders.total", 120).change("orders.change_year_before", 120, None)
    numbers.change("orders.change_previous", 120, 100)
    said = halved(plain(advise(make_context(numbers, profile=only(changji, "volume")))[0].runs))
    assert "较上月增加20件,环比上升20.00%" in said


def test_advice_stands_under_its_themes_in_the_rules_order(
    numbers: Numbers, changji: Profile, make_context: MakeContext
) -> None:
    late("sign", finance=9)(late("close", finance=9)(numbers))
    numbers.parts("orders.dissatisfied", "unit", housing=1).rate("orders.satisfaction", 10, 20)
    themes = by_theme(advise(make_context(numbers, profile=changji)))
    assert [(theme, [one.rule for one in entries]) for theme, entries in themes] == [
        ("压实办理时效责任", ["late-sign", "late-close", "late-both"]),
        ("提升答复质量和群众满意度", ["satisfaction", "dissatisfied"]),
    ]


def test_a_citys_own_threshold_decides(numbers: Numbers, changji: Profile, make_context: MakeContext) -> None:
    rule = next(r for r in changji.recommendations if r.id == "satisfaction")
    strict = replace(changji, recommendations=(replace(rule, thresholds={"minimum": "1", "target": "99.9"}),))
    numbers.rate("orders.satisfaction", 998, 1000)
    assert "满意率99.80%,低于99.9%的目标" in halved(
        plain(advise(make_context(numbers, profile=strict))[0].runs)
    )


def test_a_rule_that_cannot_be_used_is_refused(
    numbers: Numbers, changji: Profile, make_context: MakeContext
) -> None:
    def profile_with(**changed: object) -> Profile:
        rule = RecommendationRule(
            id="x",
            strategy="satisfaction_low",
            theme="t",
            thresholds={"minimum": "1", "target": "95"},
            text="{rate}",
        )
        return replace(changji, recommendations=(replace(rule, **changed),))

    numbers.rate("orders.satisfaction", 1, 2)
    with pytest.raises(BadProfile, match="没有的判断“guess”"):
        advise(make_context(numbers, profile=profile_with(strategy="guess")))
    with pytest.raises(BadProfile, match="门槛应为：minimum、target"):
        advise(make_context(numbers, profile=profile_with(thresholds={"limit": "1"})))
    with pytest.raises(BadProfile, match="没有的占位“unit”"):
        advise(make_context(numbers, profile=profile_with(text="{unit}")))
