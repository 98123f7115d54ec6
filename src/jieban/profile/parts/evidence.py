"""[evidence] of workflow.toml: kinds of evidence, limits, and what a reply must bring."""

import re
from collections.abc import Collection

from jieban.kernel.i18n import tr
from jieban.profile.documents.coded import read_code
from jieban.profile.documents.faults import did_you_mean
from jieban.profile.documents.table import Table
from jieban.profile.workflow import Condition, EvidenceDemand, EvidenceKind, EvidenceRules

_MEDIA_TYPE = re.compile(r"(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]*")


def read_evidence(table: Table, request_types: Collection[str]) -> EvidenceRules:
    """The rules on evidence. A demand names kinds that are listed, and request types that the city has."""
    codes: set[str] = set()
    kinds = tuple(_kind(inner, codes) for inner in table.tables("kinds"))
    if "kinds" in table and not kinds:
        table.fault(
            "empty",
            "kinds",
            tr("没有一种证据。"),
            tr("请至少写一个 [[{key}]]。", key=table.name("kinds")),
        )
    ids: set[str] = set()
    demands = tuple(_demand(inner, ids, codes, request_types) for inner in table.tables("demands"))
    after_close = table.texts("after_close", default=())
    for code in after_close:
        if codes and code not in codes:
            what = tr("{key} 中的“{code}”不存在。", key=table.name("after_close"), code=code)
            table.fault("unknown_code", "after_close", what, did_you_mean(code, sorted(codes)))
    rules = EvidenceRules(
        kinds=kinds,
        per_handling_max=table.integer("per_handling_max", least=1),
        after_close=after_close,
        demands=demands,
    )
    most = max((len(demand.kinds) for demand in demands), default=0)
    if most > rules.per_handling_max >= 1:
        what = tr("一次承办最多 {n} 个附件,不够 {m} 种必需的证据。", n=rules.per_handling_max, m=most)
        table.fault("out_of_range", "per_handling_max", what, tr("请放宽上限,或减少要求。"))
    table.close()
    return rules


def _kind(table: Table, codes: set[str]) -> EvidenceKind:
    kind = EvidenceKind(
        code=read_code(table, codes),
        name=table.text("name"),
        media_types=table.texts("media_types"),
        max_mib=table.integer("max_mib", least=1),
    )
    if "media_types" in table and not kind.media_types:
        table.fault("empty", "media_types", tr("没有写允许的文件类型。"), tr("请写上,如 image/jpeg。"))
    for written in kind.media_types:
        if not _MEDIA_TYPE.fullmatch(written) or kind.media_types.count(written) > 1:
            what = tr("“{text}”不是文件类型,或写了两次。", text=written)
            table.fault("bad_media_type", "media_types", what, tr("请写成小写的 image/jpeg 的样子,各一次。"))
    table.close()
    return kind


def _demand(
    table: Table, ids: set[str], kinds: Collection[str], request_types: Collection[str]
) -> EvidenceDemand:
    demand = EvidenceDemand(
        id=read_code(table, ids, "id"),
        kinds=table.texts("kinds"),
        when=table.choice("when", Condition),
        request_types=table.texts("request_types", default=()),
    )
    if "kinds" in table and not demand.kinds:
        table.fault("empty", "kinds", tr("没有写要求哪种证据。"), did_you_mean("", sorted(kinds)))
    for key, codes, known in (
        ("kinds", demand.kinds, sorted(kinds)),
        ("request_types", demand.request_types, request_types),
    ):
        for code in codes:
            if code not in known:
                what = tr("{key} 中的“{code}”不存在。", key=table.name(key), code=code)
                table.fault("unknown_code", key, what, did_you_mean(code, known))
    table.close()
    return demand
