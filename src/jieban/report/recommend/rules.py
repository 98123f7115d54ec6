"""The profile's rules run over the figures: what fires becomes an advice, in the rules' order."""

from collections.abc import Mapping
from decimal import Decimal

from jieban.kernel.i18n import tr
from jieban.profile.city import BadProfile
from jieban.profile.model import RecommendationRule
from jieban.report.context import Context
from jieban.report.recommend.matters import MATTERS
from jieban.report.recommend.model import Advice
from jieban.report.recommend.quality import QUALITY
from jieban.report.recommend.strategy import Strategy, Thresholds
from jieban.report.recommend.timeliness import TIMELINESS
from jieban.report.recommend.workload import WORKLOAD
from jieban.report.typography import typeset_runs
from jieban.report.wording import COMMON

STRATEGIES: Mapping[str, Strategy] = {**TIMELINESS, **QUALITY, **WORKLOAD, **MATTERS}
"""Strategies by the names that a profile's rules use."""

RECOMMENDATION_PLACES: Mapping[str, frozenset[str]] = {
    name: found.places | COMMON for name, found in STRATEGIES.items()
}
"""The places that a rule's text may use, by strategy."""


def thresholds_of(rule: RecommendationRule, found: Strategy) -> Mapping[str, Decimal]:
    """The rule's thresholds as numbers. Raises BadProfile when they aren't exactly those of its strategy."""
    if set(rule.thresholds) != found.thresholds:
        raise BadProfile(
            tr(
                "建议规则“{rule}”的门槛应为:{wanted}。",
                rule=rule.id,
                wanted="、".join(sorted(found.thresholds)),
            ),
            fix=tr("请在 recommendations.toml 中改正。"),
        )
    return {name: Decimal(value) for name, value in rule.thresholds.items()}


def advise(ctx: Context) -> tuple[Advice, ...]:
    """What the rules find, in their order. Raises BadProfile for a rule that can't be used."""
    found = []
    for rule in ctx.profile.recommendations:
        strategy = STRATEGIES.get(rule.strategy)
        if strategy is None:
            raise BadProfile(
                tr("建议规则“{rule}”用了没有的判断“{strategy}”。", rule=rule.id, strategy=rule.strategy),
                fix=tr("可用的判断:{names}。", names="、".join(STRATEGIES)),
            )
        limits = Thresholds(rule=rule.id, values=thresholds_of(rule, strategy), facts=ctx.facts)
        findings = strategy.decide(ctx, limits)
        if findings is not None:
            runs = typeset_runs(ctx.fill(rule.text, rule.id, **findings))
            found.append(Advice(rule=rule.id, theme=rule.theme, runs=runs))
    return tuple(found)
