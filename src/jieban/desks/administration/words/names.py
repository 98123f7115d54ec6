"""What the keys and values of the city's documents are called on pages."""

from collections.abc import Callable, Mapping

from jieban.desks.administration.forms import URGENCY_NAMES
from jieban.desks.administration.words import reports as report_words
from jieban.desks.evidence.media import type_words
from jieban.indicators.registry import REGISTRY
from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.ledger.faults import FAULT_CODES, meaning
from jieban.people.city import city
from jieban.people.roles import ROLE_NAMES, Role
from jieban.profile.model import Urgency

DOCUMENT_NAMES: Mapping[str, Later] = {
    "units.csv": later("单位"),
    "streets.csv": later("街道乡镇"),
    "topics.csv": later("分类"),
    "deadlines.toml": later("时限"),
    "calendar.toml": later("日历"),
    "workflow.toml": later("模板与规程"),
    "publication.toml": later("报告发布信息"),
    "labels.toml": later("用词"),
    "communities.csv": later("社区(村)"),
    "request_types.csv": later("诉求类型"),
    "channels.csv": later("渠道"),
    "mailboxes.csv": later("信箱"),
    "profile.toml": later("城市和单位分组"),
    "counting.toml": later("统计口径"),
    "policies.toml": later("台账的问题行"),
    "outline.toml": later("报告章节"),
    "wording.toml": later("报告措辞"),
    "recommendations.toml": later("工作建议"),
}

_KEYS: Mapping[str, Later] = {
    "code": later("代码"),
    "name": later("名称"),
    "short_name": later("简称"),
    "kind": later("种类"),
    "group": later("报告分组"),
    "aliases": later("其他写法"),
    "valid_from": later("起始日"),
    "valid_to": later("最后一日"),
    "renamed_to": later("更名为"),
    "merged_into": later("并入"),
    "parent": later("上级"),
    "scheme": later("分类方案"),
    "topic": later("分类代码"),
    "unoffered": later("不列给市民选的分类"),
    "topic_name": later("分类名称"),
    "subtopic": later("子类代码"),
    "subtopic_name": later("子类名称"),
    "last": later("排在最后"),
    "stage": later("环节"),
    "level": later("对象"),
    "amount": later("时限"),
    "basis": later("计时单位"),
    "order_margin": later("工单级另加"),
    "request_types": later("诉求类型"),
    "urgencies": later("紧急程度"),
    "channels": later("渠道"),
    "source": later("依据"),
    "times": later("次数"),
    "working_days": later("工作日"),
    "approval_before_deadline": later("须在到期前获准"),
    "extends_order": later("工单级期限一并顺延"),
    "intervals": later("时段"),
    "seasons": later("季节作息"),
    "first": later("起"),
    "hint": later("提示"),
    "required": later("必填"),
    "min_chars": later("至少字数"),
    "not_for": later("不问"),
    "choices": later("选项"),
    "needs_attachment": later("须附证明材料"),
    "kinds": later("材料"),
    "when": later("何时要"),
    "before_due": later("何时"),
    "severity": later("颜色"),
    "tells": later("通知"),
    "media_types": later("格式"),
    "max_mib": later("每份不超过(MB)"),
    "per_handling_max": later("每件承办最多份数"),
    "after_close": later("结案后仍可补传"),
    "reworks": later("返工次数"),
    "declining_units": later("退单单位数"),
    "max_asks": later("最多提出次数"),
    "ask_within": later("提出期限"),
    "decide_within": later("审批期限"),
    "tries": later("拨打次数"),
    "needed": later("是否回访"),
    "exempt": later("不回访"),
    "before_close": later("回访在结案之前"),
    "within_days": later("结案后天数"),
    "person_days": later("个人信息保存天数"),
    "evidence_days": later("证据保存天数"),
    "withdrawn_days": later("撤下的证据保存天数"),
    "days": later("天数"),
    "same_person": later("认同一人"),
    "same_matter": later("认同一事"),
    "head_signs": later("负责人先签字"),
    "words": later("指出的用语"),
    "finds": later("另外指出"),
    "city": later("城市"),
    "hotline": later("热线"),
    "dispatching_centre": later("派单中心"),
    "issuing_unit": later("发文单位"),
    "publisher": later("发布机构"),
    "index_pattern": later("索引号格式"),
    "keywords": later("主题词"),
    "tile": later("地图位置"),
    "street": later("所在街道乡镇"),
    "confidential": later("对承办单位保密"),
    "title": later("全称"),
    "short_title": later("简称"),
    "committees": later("社区(村)名称平常不说的结尾"),
    "numbering": later("工单编号"),
    "confirm_days": later("核实天数"),
    "longest_days": later("最长天数"),
    "remind_days": later("提前几天提醒"),
    "counting": later("几个单位办的怎样计"),
    "close_when": later("何时办结"),
    "channel": later("渠道"),
    "satisfaction": later("满意率"),
    "deadline_precedence": later("期限以谁为准"),
    "share_places": later("占比的小数位数"),
    "latest_plausible_days": later("晚于统计截止几天为不可能"),
    "builder": later("内容"),
    "editions": later("用于"),
    "options": later("选项"),
    "strategy": later("判断"),
    "theme": later("方面"),
    "text": later("文字"),
    "enabled": later("启用"),
    **{key: name for key, name in report_words.OPTIONS.items() if key != "topics"},
    **report_words.THRESHOLDS,
}
_TABLES: Mapping[tuple[str, ...], Later] = {
    ("deadlines.toml", "extension"): later("延期"),
    ("calendar.toml", "holidays"): later("放假"),
    ("calendar.toml", "workdays"): later("上班"),
    ("calendar.toml", "hours"): later("办公时间"),
    ("workflow.toml", "reply"): later("答复模板"),
    ("workflow.toml", "review_points"): later("审核要点"),
    ("workflow.toml", "refusal_grounds"): later("不予受理的情形"),
    ("workflow.toml", "unreasonable_grounds"): later("不合理诉求的情形"),
    ("workflow.toml", "evidence"): later("证据"),
    ("workflow.toml", "evidence", "demands"): later("必需的证据"),
    ("workflow.toml", "evidence", "kinds"): later("证据种类"),
    ("workflow.toml", "ladder"): later("预警"),
    ("workflow.toml", "escalation"): later("升级"),
    ("workflow.toml", "returns"): later("退单"),
    ("workflow.toml", "returns", "ask_within"): later("退单:提出期限"),
    ("workflow.toml", "returns", "decide_within"): later("退单:审批期限"),
    ("workflow.toml", "returns", "ladder"): later("退单的预警"),
    ("workflow.toml", "callbacks"): later("回访"),
    ("workflow.toml", "reopening"): later("重新办理"),
    ("workflow.toml", "retention"): later("保存期限"),
    ("workflow.toml", "repeats"): later("重复诉求"),
    ("workflow.toml", "knowledge"): later("知识库的期限"),
    ("workflow.toml", "co_handling"): later("几个单位承办的工单"),
    ("workflow.toml", "online"): later("网上受理"),
    ("profile.toml", "unit_kinds"): later("单位种类"),
    ("profile.toml", "unit_groups"): later("报告分组"),
    ("outline.toml", "sections"): later("报告章节"),
    ("publication.toml",): later("报告发布信息"),
    ("counting.toml",): later("统计口径"),
    ("policies.toml",): later("台账的问题行"),
    ("labels.toml", "role"): later("主办协办的用词"),
    ("labels.toml", "letter_disposition"): later("来信办理方式的用词"),
    ("labels.toml", "flag"): later("是非的用词"),
    ("labels.toml", "satisfaction"): later("满意度的用词"),
    ("labels.toml", "urgency"): later("紧急程度的用词"),
    ("labels.toml", "disposition"): later("处理方式的用词"),
}
WORDS: Mapping[str, Mapping[str, Later]] = {
    "stage": {"sign": later("签收"), "close": later("办结")},
    "level": {"order": later("工单"), "handling": later("承办")},
    "basis": {
        "working_days": later("个工作日"),
        "working_hours": later("个工作小时"),
        "working_minutes": later("个工作分钟"),
        "clock_hours": later("小时"),
        "clock_minutes": later("分钟"),
    },
    "severity": {"amber": later("黄"), "red": later("红")},
    "when": {
        "always": later("总是"),
        "site_visit": later("到过现场"),
        "phone_contact": later("电话联系过"),
    },
    "requester": {
        "named": later("实名"),
        "anonymous": later("匿名"),
        "confidential": later("保密"),
    },
    "head_signs": {"unreasonable": later("认定不合理诉求")},
    "finds": {"numbers": later("电话、证件等长号码")},
    "counting": {
        "each_unit": later("各承办单位各计一件"),
        "lead_only": later("只计主办单位的一件"),
    },
    "close_when": {"all_closed": later("各单位都办结以后")},
    "deadline_precedence": {
        "computed": later("以本系统算出的为准"),
        "stated": later("以台账自带的为准"),
    },
    "builder": report_words.BUILDERS,
    "strategy": report_words.STRATEGIES,
    "editions": report_words.EDITIONS,
    "policy": report_words.POLICIES,
}
_REQUESTER_KEYS = {"not_for", "exempt"}


def document_words(name: str) -> str:
    """What a file of the city's is about; its own name where nobody has named it."""
    return tr_later(DOCUMENT_NAMES[name]) if name in DOCUMENT_NAMES else name


def column_words(key: str) -> str:
    """What a column or a key is called; a kind of fault what it means."""
    if key in FAULT_CODES:
        return meaning(key)
    return tr_later(_KEYS[key]) if key in _KEYS else key


def path_words(document: str, path: tuple[str, ...]) -> tuple[str, str]:
    """Where a value stands, and what it is called."""
    full = (document, *path)
    if full in _TABLES:
        return tr_later(_TABLES[full]), ""
    if document == "wording.toml":
        return tr_later(DOCUMENT_NAMES[document]), path[-1]
    if path[0] == "rules":
        return tr("规则 {name}", name=path[1]), column_words(path[-1])
    around = next((full[:size] for size in range(len(full) - 1, 0, -1) if full[:size] in _TABLES), None)
    where = tr_later(DOCUMENT_NAMES[document]) if around is None else tr_later(_TABLES[around])
    return where, column_words(path[-1])


def value_words(key: str, value: str) -> str:
    """A value in words, where it is a code."""
    if not value:
        return ""
    if key in _REQUESTER_KEYS:
        key = "requester"
    if key in FAULT_CODES:
        key = "policy"
    if value in WORDS.get(key, {}):
        return tr_later(WORDS[key][value])
    if key in _NAMED:
        return _NAMED[key](value)
    return value


def _before_due(hours: str) -> str:
    number = int(hours)
    if number == 0:
        return tr("到期时")
    return tr("到期前 {n} 小时", n=number) if number > 0 else tr("到期后 {n} 小时", n=-number)


def _unit(code: str) -> str:
    return city().units[code].name if code in city().units else code


def _kind(code: str) -> str:
    return next((each.name for each in city().unit_kinds if each.code == code), code)


def _group(code: str) -> str:
    return next((each.name for each in city().unit_groups if each.code == code), code)


def _type(code: str) -> str:
    return city().request_types[code].name if code in city().request_types else code


def _channel(code: str) -> str:
    return city().channels[code].name if code in city().channels else code


def _street(code: str) -> str:
    return city().streets[code].name if code in city().streets else code


def _topic(code: str) -> str:
    return city().order_topics[code].name if code in city().order_topics else code


def _satisfaction(code: str) -> str:
    named = dict(REGISTRY["orders.satisfaction"].choices)
    return REGISTRY[named[code]].label if code in named else code


def _urgency(code: str) -> str:
    return tr_later(URGENCY_NAMES[Urgency(code)]) if code in set(Urgency) else code


def _role(code: str) -> str:
    return tr_later(ROLE_NAMES[Role(code)]) if code in set(Role) else code


def _evidence(code: str) -> str:
    return next((each.name for each in city().workflow.evidence.kinds if each.code == code), code)


_NAMED: Mapping[str, Callable[[str], str]] = {
    "before_due": _before_due,
    "renamed_to": _unit,
    "merged_into": _unit,
    "parent": _unit,
    "kind": _kind,
    "group": _group,
    "request_types": _type,
    "channels": _channel,
    "urgencies": _urgency,
    "tells": _role,
    "kinds": _evidence,
    "after_close": _evidence,
    "media_types": type_words,
    "street": _street,
    "channel": _channel,
    "topic": _topic,
    "unoffered": _topic,
    "confidential": lambda cell: tr("是") if cell == "1" else cell,
    "satisfaction": _satisfaction,
}
