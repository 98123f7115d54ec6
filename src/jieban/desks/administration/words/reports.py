"""What the coded parts of a report are called on pages: sections, judgements, their numbers."""

from collections.abc import Mapping
from typing import Final

from jieban.kernel.i18n import Later, later, listed, tr_later

BUILDERS: Final[Mapping[str, Later]] = {
    "opening": later("总体情况"),
    "request_types": later("诉求分类"),
    "unit_groups": later("承办单位分组"),
    "topics": later("诉求热点"),
    "timeliness": later("按期和满意情况"),
    "intake": later("受理渠道"),
    "rhythm": later("派单时间分布"),
    "places": later("区域分布"),
    "durations": later("用时"),
    "quality": later("办理质量"),
    "unit_changes": later("单位办理量变化"),
    "mailboxes": later("信箱"),
    "recommendations": later("工作建议"),
    "definitions": later("统计口径"),
    "checks": later("数据校核"),
    "annex_units": later("附件:各单位办理量"),
    "annex_late": later("附件:超期工单"),
    "annex_dissatisfied": later("附件:不满意工单"),
}
STRATEGIES: Final[Mapping[str, Later]] = {
    "late_sign_concentrated": later("超期签收集中在几个单位"),
    "late_close_concentrated": later("超期办结集中在几个单位"),
    "late_both": later("签收、办结都有超期的单位"),
    "late_behind_full_rate": later("工单全部按期,承办仍有超期"),
    "below_target": later("按期率低于目标的单位"),
    "slow_units": later("办结用时长的单位"),
    "in_hand": later("在办占比高的单位"),
    "satisfaction_low": later("满意率低于目标"),
    "response_low": later("响应率低于目标"),
    "resolution_low": later("解决率低于目标"),
    "first_time_close_low": later("一次办结率低于目标"),
    "dissatisfied": later("有不满意的工单"),
    "repeat_high": later("重复诉求率高"),
    "return_high": later("退单率高"),
    "extension_high": later("延期率高"),
    "rework_high": later("返工率高"),
    "excluded_high": later("不合理诉求占比高"),
    "unit_growth": later("办理量增长快的单位"),
    "unit_share": later("办理量占比高的单位"),
    "volume_growth": later("工单量增长"),
    "peak_hour": later("派单集中的时段"),
    "topic_share": later("占比高的分类"),
    "topic_growth": later("增长快的分类"),
    "hot_spots": later("集中在一处的分类"),
    "mailbox_topic": later("信箱里占比高的分类"),
}
EDITIONS: Final[Mapping[str, Later]] = {"public": later("公开版"), "internal": later("内部版")}
OPTIONS: Final[Mapping[str, Later]] = {
    "top": later("列出前几名"),
    "topics": later("列出几个分类"),
    "table": later("正文附表格"),
    "annex": later("所指附件的代码"),
    "late_annex": later("超期附件的代码"),
    "dissatisfied_annex": later("不满意附件的代码"),
    "minimum": later("至少几件才列"),
    "named": later("点名几个"),
    "bars": later("图中几条"),
    "idle": later("没有承办的单位也列"),
    "limit": later("超过几行就不全列"),
    "shown": later("不全列时列几行"),
}
THRESHOLDS: Final[Mapping[str, Later]] = {
    "minimum": later("至少几件才判断"),
    "share": later("占比达到(%)"),
    "percent": later("增幅达到(%)"),
    "target": later("目标(%)"),
    "limit": later("上限(%)"),
    "hours": later("用时达到(小时)"),
    "named": later("点名几处"),
}
POLICIES: Final[Mapping[str, Later]] = {
    "reject": later("退回,写入退回表"),
    "flag": later("接收,标记存疑"),
    "leave_out": later("不计,列明件数"),
}
PHRASES: Final[Mapping[str, Later]] = {
    "title": later("标题"),
    "header": later("发布信息"),
    "opening": later("总体情况"),
    "types": later("诉求分类"),
    "groups": later("承办单位分组"),
    "topics": later("诉求热点"),
    "late": later("按期情况"),
    "dissatisfied": later("不满意工单"),
    "rhythm": later("派单时间分布"),
    "weekday": later("星期"),
    "intake": later("受理渠道"),
    "places": later("区域分布"),
    "unit_changes": later("单位办理量变化"),
    "durations": later("用时"),
    "duration": later("时长"),
    "quality": later("办理质量"),
    "mailbox": later("信箱"),
    "advice": later("工作建议"),
    "definitions": later("统计口径"),
    "checks": later("数据校核"),
    "check": later("各项校核"),
    "result": later("校核的结论"),
    "explain": later("校核的说明"),
    "annexes": later("附件"),
    "table": later("表题"),
    "col": later("表头"),
    "chart": later("图题"),
    "series": later("图例"),
    "dimension": later("维度"),
    "period": later("时段"),
    "label": later("同比环比"),
    "base": later("比较的对象"),
    "change": later("增减"),
    "counter": later("量词"),
    "item": later("列举"),
    "role": later("主办协办"),
    "banner": later("横幅"),
}
COMMON_PLACES: Final[Mapping[str, Later]] = {
    "this": later("本期"),
    "previous": later("上期"),
    "year_before": later("上年同期"),
    "span": later("起止日期"),
    "city": later("城市"),
    "hotline": later("热线"),
    "centre": later("派单中心"),
    "role": later("承办或主办"),
}
"""The places that every phrase of the report may use: what stands there."""


def common_places() -> str:
    """The places of all phrases in words, each with what stands there."""
    return listed(f"{{{place}}} {tr_later(name)}" for place, name in COMMON_PLACES.items())
