"""What can be wrong with a row: a stable code, what it means, and what happens unless the profile says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from jieban.kernel.i18n import Later, later, tr_later
from jieban.profile.model import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultKind:
    """A kind of fault. `meaning` is Chinese source text (`tr_later` says it to a reader).

    A fault in a required column always rejects its row, whatever the policy: there would be nothing to store.
    """

    code: str
    meaning: Later
    policy: Policy


def _kinds(policy: Policy, **meanings: Later) -> tuple[FaultKind, ...]:
    return tuple(FaultKind(code=code, meaning=meaning, policy=policy) for code, meaning in meanings.items())


FAULT_KINDS: tuple[FaultKind, ...] = (
    *_kinds(
        Policy.REJECT,
        missing_required=later("必填的单元格为空"),
        lost_digits=later("编号被当作数字保存,超过 15 位的数字已丢失"),
        bad_date=later("不是可识别的日期"),
        implausible_date=later("日期早于 1990 年,或晚于统计截止后的合理天数"),
        unknown_unit=later("承办单位不在配置中"),
        unknown_topic=later("一级分类不在配置中"),
        unknown_request_type=later("诉求类型不在配置中"),
        unknown_mailbox=later("信箱不在配置中"),
        unknown_disposition=later("受理方式不是认识的写法"),
        unknown_letter_disposition=later("来信办理方式不是认识的写法"),
        duplicate_order_no=later("工单编号重复(接收时自第二件起在编号后加 #2、#3)"),
        duplicate_handling=later("同一承办重复出现"),
        duplicate_letter_no=later("来信编号重复"),
        duplicate_callback_no=later("回访编号重复"),
        closed_before_received=later("办结早于受理"),
        no_dispatch_time=later("转派的工单没有派单时间"),
        orphan_handling=later("承办所属的工单不存在或已被拒收"),
        orphan_callback=later("回访所属的工单不存在或已被拒收"),
    ),
    *_kinds(
        Policy.FLAG,
        unknown_subtopic=later("二级分类不在该一级分类之下"),
        unknown_street=later("街道乡镇不在配置中"),
        unknown_channel=later("来源渠道不在配置中"),
        unknown_satisfaction=later("满意度不是认识的写法"),
        unknown_urgency=later("紧急程度不是认识的写法"),
        unknown_role=later("主办协办不是认识的写法"),
        bad_number=later("不是可识别的次数或天数"),
        bad_flag=later("不是可识别的是或否"),
        truncated_text=later("文字恰为 32767 字,多半已被 Excel 截断"),
        dispatched_before_received=later("派单早于受理"),
        signed_before_dispatched=later("签收早于派单"),
        closed_before_dispatched=later("办结早于派单"),
        closed_before_signed=later("办结早于签收"),
        order_rows_disagree=later("同一工单各行的工单信息不一致(以首行为准)"),
        repeated_unit=later("一格中同一单位写了两次(计一次)"),
        no_handling=later("转派的工单没有任何承办单位"),
        no_lead=later("工单没有主办单位(接收时以排在最前的为主办)"),
        second_lead=later("工单有不止一个主办单位(接收时自第二个起作协办)"),
        handling_rejected=later("工单的部分承办被拒收,承办量不完整"),
    ),
)

FAULT_CODES: Mapping[str, Later] = {kind.code: kind.meaning for kind in FAULT_KINDS}
"""Every fault code with its meaning in Chinese; a profile's policies.toml may name these and no others."""

_DEFAULTS = {kind.code: kind.policy for kind in FAULT_KINDS}
_ORDER = {kind.code: index for index, kind in enumerate(FAULT_KINDS)}

UNKNOWN_BY_DOMAIN: Mapping[str, str] = {
    "units": "unknown_unit",
    "topics": "unknown_topic",
    "subtopics": "unknown_subtopic",
    "mailbox_topics": "unknown_topic",
    "mailbox_subtopics": "unknown_subtopic",
    "request_types": "unknown_request_type",
    "streets": "unknown_street",
    "channels": "unknown_channel",
    "mailboxes": "unknown_mailbox",
    "satisfaction": "unknown_satisfaction",
    "disposition": "unknown_disposition",
    "letter_disposition": "unknown_letter_disposition",
    "urgency": "unknown_urgency",
    "role": "unknown_role",
}
"""The fault of a word that means nothing in a column's domain."""


def policy_of(code: str, policies: Mapping[str, Policy], *, required: bool = False) -> Policy:
    """What happens to a row with the fault `code` under a profile's policies. Raises KeyError for unknown codes."""
    default = _DEFAULTS[code]
    policy = policies.get(code, default)
    return Policy.REJECT if required and policy is Policy.FLAG else policy


def position(code: str) -> int:
    """The place of a fault code in the list above: the order in which flags are written."""
    return _ORDER[code]


def meaning(code: str) -> str:
    """The meaning of a fault code in the reader's language."""
    return tr_later(FAULT_CODES[code])
