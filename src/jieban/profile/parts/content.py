"""outline.toml, wording.toml and recommendations.toml: what the report says, chosen by the names of coded parts."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from jieban.kernel.i18n import listed, tr
from jieban.profile.documents.faults import did_you_mean
from jieban.profile.documents.places import check_places, places
from jieban.profile.documents.table import Table
from jieban.profile.frozen import FrozenMap, freeze
from jieban.profile.known import Known
from jieban.profile.model import RecommendationRule, Section

_DEEPEST = 3


class _Edition(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"


def read_outline(table: Table, known: Known) -> tuple[Section, ...]:
    """outline.toml: the sections in order. Without `editions` a section is in both."""
    sections: list[Section] = []
    for inner in table.tables("sections"):
        options = freeze(inner.plain("options"))
        _check_options(inner, known)
        section = Section(
            id=inner.text("id"),
            builder=inner.text("builder"),
            title=inner.text("title", may_be_empty=True),
            level=inner.integer("level", default=1),
            options=options if isinstance(options, FrozenMap) else FrozenMap(),
            editions=tuple(str(e) for e in inner.choices("editions", _Edition) or _Edition),
        )
        _check_name(inner, "builder", section.builder, known.builders)
        if section.level > _DEEPEST:
            what = tr("标题级别 {level} 太深。", level=section.level)
            inner.fault("out_of_range", "level", what, tr("级别为 0(无标题)到 {n}。", n=_DEEPEST))
        if section.id in [earlier.id for earlier in sections]:
            what = tr("章节 {id} 有两个。", id=section.id)
            inner.fault("double_code", "id", what, tr("请给其中一个换个名称。"))
        sections.append(section)
        inner.close()
    table.close()
    return tuple(sections)


def _check_options(table: Table, known: Known) -> None:
    """Options are those of the section's builder, each of its default's type."""
    offered = (known.builders or {}).get(table.text("builder"))
    if offered is None:
        return
    given = table.table("options")
    for name, value in table.plain("options").items():
        if name not in offered:
            what = tr("{key} 不是 {builder} 的选项。", key=given.name(name), builder=table.text("builder"))
            given.fault("unknown_key", name, what, did_you_mean(name, sorted(offered)))
        elif type(value) is not type(offered[name]):
            what = tr("{key} 的取值类型不对。", key=given.name(name))
            fix = tr("请写成与默认值 {default} 同类的值。", default=repr(offered[name]))
            given.fault("wrong_type", name, what, fix)


def read_wording(table: Table, base: Table | None, known: Known) -> Mapping[str, str]:
    """wording.toml: one phrase a key; dotted keys are quoted.

    Without `known.wording` only what the base has tells which keys there are. With it, the keys are exactly its, no
    phrase uses a place that it isn't given, and a city's phrase keeps the base's places, those apart that all
    phrases may use: a figure must not vanish from a sentence unnoticed.
    """
    wording = {key: _phrase(table, key) for key in table.keys}
    basic = {} if base is None else {key: _phrase(base, key) for key in base.keys}
    given = known.wording if known.wording is not None else dict.fromkeys(basic)
    common = frozenset.intersection(*known.wording.values()) if known.wording else frozenset()
    for key, text in wording.items():
        if given and key not in given:
            what = tr("不认识的措辞 {key}。", key=key)
            table.fault("unknown_key", key, what, did_you_mean(key, sorted(given)))
            continue
        used = places(text) or set()
        allowed = given.get(key)
        check_places(table, key, text, used if allowed is None else allowed)
        if allowed is not None and key in basic and (lost := (places(basic[key]) or set()) - used - common):
            words = listed(f"{{{place}}}" for place in sorted(lost))
            what = tr("这一句漏了占位 {places}。", places=words)
            table.fault("missing_place", key, what, tr("请把它写进句子,免得数字丢失。"))
    if missing := sorted(given.keys() - wording.keys()):
        what = tr("缺少措辞:{keys}。", keys=listed(missing))
        table.fault("missing_key", "", what, tr("请在 wording.toml 中补上。"))
    return FrozenMap(sorted(wording.items()))


def _phrase(table: Table, key: str) -> str:
    if table.holds_table(key):
        what = tr("措辞的键名 {key}.… 没有加引号。", key=key)
        table.fault("wrong_type", key, what, tr('带点的键名请加引号,如 "opening.total" = "…"。'))
        table.plain(key)
        return ""
    return table.text(key, may_be_empty=True)


def read_recommendations(table: Table, known: Known) -> tuple[RecommendationRule, ...]:
    """recommendations.toml: [rules.ID] in order; `enabled = false` drops one that the base has."""
    rules = []
    for name, inner in table.keyed("rules"):
        thresholds = inner.table("thresholds")
        rule = RecommendationRule(
            id=name,
            strategy=inner.text("strategy"),
            theme=inner.text("theme"),
            thresholds=FrozenMap({key: thresholds.decimal(key) for key in thresholds.keys}),
            text=inner.text("text"),
        )
        _check_name(inner, "strategy", rule.strategy, known.strategies)
        _check_thresholds(inner, rule, known)
        allowed = (known.recommendation_places or {}).get(rule.strategy)
        check_places(inner, "text", rule.text, places(rule.text) or () if allowed is None else allowed)
        if inner.flag("enabled", default=True):
            rules.append(rule)
        inner.close()
    table.close()
    return tuple(rules)


def _check_thresholds(table: Table, rule: RecommendationRule, known: Known) -> None:
    wanted = (known.strategies or {}).get(rule.strategy)
    if wanted is None:
        return
    inner = table.table("thresholds")
    for name in rule.thresholds.keys() - wanted:
        what = tr("{key} 不是 {strategy} 的门槛。", key=inner.name(name), strategy=rule.strategy)
        inner.fault("unknown_key", name, what, did_you_mean(name, sorted(wanted)))
    if missing := sorted(wanted - rule.thresholds.keys()):
        what = tr("{strategy} 缺少门槛:{names}。", strategy=rule.strategy, names=listed(missing))
        table.fault("missing_key", "thresholds", what, tr("请在 thresholds 中补上。"))


def _check_name(table: Table, key: str, name: str, known: Collection[str] | None) -> None:
    if known is not None and name and name not in known:
        what = tr("程序中没有“{name}”({key})。", name=name, key=table.name(key))
        table.fault("unknown_name", key, what, did_you_mean(name, sorted(known)))
