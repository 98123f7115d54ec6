"""The TOML files of a profile, each parsed into its part of the value."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from jieban.kernel.i18n import listed, tr
from jieban.profile.documents.faults import did_you_mean
from jieban.profile.documents.table import Table
from jieban.profile.frozen import FrozenMap
from jieban.profile.model import (
    CountingRules,
    Label,
    Policy,
    Precedence,
    Urgency,
)
from jieban.profile.parts.cross import check_labels

_OWN_DOMAINS: Mapping[str, frozenset[str]] = {
    "flag": frozenset({"yes", "no"}),
    "urgency": frozenset(str(urgency) for urgency in Urgency),
}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What profile.toml says."""

    title: str
    short_title: str
    invented: bool
    order_scheme: str
    unit_kinds: tuple[Label, ...]
    unit_groups: tuple[Label, ...]
    committees: tuple[str, ...]


def read_identity(table: Table) -> Identity:
    """profile.toml."""
    identity = Identity(
        title=table.text("title"),
        short_title=table.text("short_title"),
        invented=table.flag("invented", default=False),
        order_scheme=table.text("order_scheme"),
        unit_kinds=read_label_list(table, "unit_kinds"),
        unit_groups=read_label_list(table, "unit_groups"),
        committees=table.texts("committees", default=()),
    )
    table.close()
    return identity


def read_labels(table: Table, known: Mapping[str, frozenset[str]] | None) -> Mapping[str, tuple[Label, ...]]:
    """labels.toml: one array of tables a domain.

    The profile's own domains must have all their codes; with `known`, so must each of its domains, and there are
    no others.
    """
    domains = {domain: read_label_list(table, domain) for domain in table.keys}
    for domain, codes in {**_OWN_DOMAINS, **(known or {})}.items():
        written = {label.code for label in domains.get(domain, ())}
        if domain not in domains:
            what = tr("缺少标签组 {domain}。", domain=domain)
            table.fault(
                "missing_key", domain, what, tr("请为它的每个代码写一个 [[{domain}]]。", domain=domain)
            )
            continue
        if missing := sorted(codes - written):
            what = tr("标签组 {domain} 缺少代码 {codes}。", domain=domain, codes=listed(missing))
            table.fault("missing_label", domain, what, tr("请为每个代码写一个 [[{domain}]]。", domain=domain))
        for code in sorted(written - codes):
            what = tr("标签组 {domain} 有不认识的代码 {code}。", domain=domain, code=code)
            table.fault("unknown_code", domain, what, did_you_mean(code, sorted(codes)))
    if known is not None:
        for domain in sorted(domains.keys() - known.keys() - _OWN_DOMAINS.keys()):
            what = tr("不认识的标签组 {domain}。", domain=domain)
            table.fault("unknown_key", domain, what, did_you_mean(domain, sorted({*known, *_OWN_DOMAINS})))
    return FrozenMap(domains)


def read_counting(table: Table, variants: Collection[str] | None) -> CountingRules:
    """counting.toml. With `variants`, the satisfaction chosen must be among them."""
    counting = CountingRules(
        deadline_precedence=table.choice("deadline_precedence", Precedence),
        satisfaction=table.text("satisfaction"),
        share_places=table.integer("share_places"),
        latest_plausible_days=table.integer("latest_plausible_days"),
    )
    word = counting.satisfaction
    if variants is not None and word and word not in variants:
        what = tr("不认识的满意率口径“{word}”。", word=word)
        table.fault("unknown_value", "satisfaction", what, did_you_mean(word, sorted(variants)))
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
            what = tr("没有写明这些问题的处理方式:{codes}。", codes=listed(missing))
            table.fault("missing_key", "", what, tr("请逐个写上,取值 {values}。", values=" / ".join(Policy)))
    return FrozenMap(policies)


def read_label_list(table: Table, key: str, *, required: bool = True) -> tuple[Label, ...]:
    """The labels of an array of tables; none, if it isn't required and absent."""
    inner = table.tables(key, required=required)
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
