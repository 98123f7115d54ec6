"""The TOML files of a profile, each parsed into its part of the value."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from zoneinfo import ZoneInfo

from jieban.kernel.i18n import tr
from jieban.profile.cross import check_labels
from jieban.profile.faults import did_you_mean
from jieban.profile.frozen import FrozenMap
from jieban.profile.model import (
    CountingRules,
    Label,
    Policy,
    Precedence,
    PrintedChange,
    Publication,
    PublishedDocument,
)
from jieban.profile.table import Table


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What profile.toml says."""

    title: str
    short_title: str
    invented: bool
    order_scheme: str
    unit_kinds: tuple[Label, ...]
    unit_groups: tuple[Label, ...]


def read_identity(table: Table) -> Identity:
    """profile.toml."""
    identity = Identity(
        title=table.text("title"),
        short_title=table.text("short_title"),
        invented=table.flag("invented", default=False),
        order_scheme=table.text("order_scheme"),
        unit_kinds=_labels(table, "unit_kinds"),
        unit_groups=_labels(table, "unit_groups"),
    )
    table.close()
    return identity


def read_labels(table: Table, known: Mapping[str, frozenset[str]] | None) -> Mapping[str, tuple[Label, ...]]:
    """labels.toml: one array of tables a domain. With `known`, each of its domains must have all its codes."""
    domains = {domain: _labels(table, domain) for domain in table.keys}
    for domain, codes in (known or {}).items():
        written = {label.code for label in domains.get(domain, ())}
        if domain not in domains:
            what = tr("缺少标签组 {domain}。", domain=domain)
            table.fault(
                "missing_key", domain, what, tr("请为它的每个代码写一个 [[{domain}]]。", domain=domain)
            )
            continue
        if missing := sorted(codes - written):
            what = tr("标签组 {domain} 缺少代码 {codes}。", domain=domain, codes="、".join(missing))
            table.fault("missing_label", domain, what, tr("请为每个代码写一个 [[{domain}]]。", domain=domain))
        for code in sorted(written - codes):
            what = tr("标签组 {domain} 有不认识的代码 {code}。", domain=domain, code=code)
            table.fault("unknown_code", domain, what, did_you_mean(code, sorted(codes)))
    if known is not None:
        for domain in sorted(domains.keys() - known.keys()):
            what = tr("不认识的标签组 {domain}。", domain=domain)
            table.fault("unknown_key", domain, what, did_you_mean(domain, sorted(known)))
    return FrozenMap(domains)


def read_counting(table: Table, variants: Collection[str] | None) -> CountingRules:
    """counting.toml. With `variants`, the satisfaction chosen and the weighted ones must be among them."""
    weights = table.table("satisfaction_weights")
    counting = CountingRules(
        deadline_precedence=table.choice("deadline_precedence", Precedence),
        satisfaction=table.text("satisfaction"),
        satisfaction_weights=FrozenMap({name: weights.decimal(name) for name in weights.keys}),
        share_places=table.integer("share_places"),
        latest_plausible_days=table.integer("latest_plausible_days"),
    )
    if variants is not None:
        for at, key in ((table, "satisfaction"), *((weights, name) for name in weights.keys)):
            word = counting.satisfaction if at is table else key
            if word and word not in variants:
                what = tr("不认识的满意率口径“{word}”。", word=word)
                at.fault("unknown_value", key, what, did_you_mean(word, sorted(variants)))
    table.close()
    return counting


def read_policies(table: Table, fault_codes: Collection[str] | None) -> Mapping[str, Policy]:
    """policies.toml: what happens to a row, by its fault's code. With `fault_codes`, each must be there."""
    policies = {code: table.choice(code, Policy) for code in table.keys}
    if fault_codes is not None:
        for code in sorted(policies.keys() - set(fault_codes)):
            what = tr("不认识的问题代码 {code}。", code=code)
            table.fault("unknown_key", code, what, did_you_mean(code, sorted(fault_codes)))
        if missing := sorted(set(fault_codes) - policies.keys()):
            what = tr("没有写明这些问题的处理方式:{codes}。", codes="、".join(missing))
            table.fault("missing_key", "", what, tr("请逐个写上,取值 {values}。", values=" / ".join(Policy)))
    return FrozenMap(policies)


def read_publication(table: Table, tz: ZoneInfo) -> Publication:
    """publication.toml; instants are read in the profile's time zone."""
    documents = {}
    for period, inner in table.keyed("documents") if "documents" in table else ():
        documents[period] = PublishedDocument(
            period=period,
            index_number=inner.text("index_number"),
            published=inner.moment("published", tz),
            printed=_printed(inner),
        )
        inner.close()
    publication = Publication(
        city=table.text("city"),
        hotline=table.text("hotline"),
        dispatching_centre=table.text("dispatching_centre"),
        issuing_unit=table.text("issuing_unit"),
        publisher=table.text("publisher"),
        index_pattern=table.text("index_pattern"),
        keywords=table.texts("keywords"),
        documents=FrozenMap(documents),
    )
    check_places(table, "index_pattern", publication.index_pattern, {"year", "serial"})
    for word in publication.keywords:
        check_places(table, "keywords", word, {"year", "month", "days"})
    table.close()
    return publication


class _Called(StrEnum):
    PREVIOUS = "previous"
    YEAR_BEFORE = "year_before"


def _printed(table: Table) -> tuple[PrintedChange, ...]:
    printed = []
    for inner in table.tables("printed", required=False):
        cut = inner.table("cut")
        printed.append(
            PrintedChange(
                of=inner.text("of"),
                cut=FrozenMap({dimension: cut.text(dimension) for dimension in cut.keys}),
                count=inner.integer("count"),
                percent=inner.decimal("percent"),
                called=inner.choice("called", _Called).value,
            )
        )
        inner.close()
    return tuple(printed)


def places(text: str) -> set[str] | None:
    """The names of the places in a format string; None if it isn't one that can be filled by name."""
    try:
        found = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError:
        return None
    names = {field.partition(".")[0].partition("[")[0] for field in found}
    return None if any(not name.isidentifier() for name in names) or names != set(found) else names


def check_places(table: Table, key: str, text: str, allowed: Collection[str]) -> None:
    """Notes places that are malformed or not allowed."""
    found = places(text)
    if found is None:
        what = tr("{key} 的花括号不成对或占位写法不对。", key=table.name(key))
        table.fault("bad_places", key, what, tr("占位写成 {{名称}};花括号本身写两个。"))
        return
    for place in sorted(found - set(allowed)):
        what = tr("{key} 用了没有的占位 {place}。", key=table.name(key), place=f"{{{place}}}")
        table.fault("unknown_place", key, what, did_you_mean(place, sorted(allowed)))


def _labels(table: Table, key: str) -> tuple[Label, ...]:
    inner = table.tables(key)
    labels = []
    for member in inner:
        labels.append(
            Label(
                code=member.text("code"),
                name=member.text("name"),
                aliases=member.texts("aliases", default=()),
            )
        )
        member.close()
    _check_labels(inner, labels)
    return tuple(labels)


def _check_labels(tables: list[Table], labels: Iterable[Label]) -> None:
    codes: set[str] = set()
    labels = list(labels)
    for member, label in zip(tables, labels, strict=True):
        if label.code in codes:
            what = tr("代码“{code}”写了两次。", code=label.code)
            member.fault("double_code", "code", what, tr("请换一个代码,或删去重复的。"))
        codes.add(label.code)
    for index, spelling, earlier in check_labels(labels):
        what = tr("“{spelling}”已经是“{earlier}”的写法。", spelling=spelling, earlier=earlier)
        tables[index].fault("double_spelling", "name", what, tr("一个写法只能有一个意思,请删去一处。"))
