"""The sentences of 口径 that many indicators share, so that the same rule always reads the same."""

import re

from jieban.profile.workflow import Counting

STAGES = {"sign": "签收", "close": "办结"}

SEED = "蓝本:公开发布的2025年4月热线运行分析报告"
PUBLISHED = "各地公开发布的热线月报所列指标"
THREE_RATES = "响应率、解决率、满意率“三率”考核系统的公开代码"
CALLBACK_NOTICE = "公开通报 xncz.gov.cn/info/3937/194045.htm:(614+0.6×34)/670=94.69%"
ASSESSMENT_SHEET = "热线考核统计表常见栏目(按时签收、超时办结、一次解决、纳入考核)"

ORDERS_OF_PERIOD = "派单时间在统计时段内的转派工单"
HANDLINGS_OF_PERIOD = "派单时间在统计时段内的承办(一件工单在一个承办单位计一次)"
LETTERS_OF_PERIOD = "收到时间在统计时段内的信箱来信"

ORDERS_ONCE = "并单、拆单的原单不计,重办、退单改派的工单只计一次"
HANDLINGS_ONCE = "获准退单的承办不计,返工的只计一次,并单、拆单原单的承办不计"
CO_HANDLED = (
    "一件工单由几个单位承办的,按配置 co_handling.counting 计:each_unit 各单位各计一件,"
    "lead_only 只计主办单位,协办的不计,未注明主办、协办的照计"
)
CO_HANDLED_AS = {
    Counting.EACH_UNIT: "一件工单由几个单位承办的,各单位各计一件",
    Counting.LEAD_ONLY: "一件工单由几个单位承办的,只计主办单位,协办的不计,未注明主办、协办的照计",
}
"""What a profile's choice makes of CO_HANDLED."""
EXCLUDED_IN = "不纳入考核的工单计入"
EXCLUDED_OUT = "不纳入考核的工单不计"
HANDLING_EXCLUDED_IN = "不纳入考核的工单,其承办计入"
HANDLING_EXCLUDED_OUT = "不纳入考核的工单,其承办不计"
CARRIED_ON = "更名、合并的单位按统计时段末日承接其职责的单位计"
LETTERS_APART = "信箱来信不计入工单和承办"

ANY_STATE = "是否签收、办结不影响计数"
AS_KNOWN = "数据截至数据截止时刻,其后的签收、办结视为尚未发生"
DUE = (
    "期限取配置规定优先的一种(按规则算出的,或来源文件自带的期限、按期标记;截止时尚未完成的,自带期限先于标记),"
    "该种缺失时取另一种,均缺失的另列"
)


def open_rows(stage: str) -> str:
    """What a rate does with rows that are open at a stage."""
    word = STAGES[stage]
    return f"截止时已到期仍未{word}的按超期计,未到期且未{word}的不计入分母、另列"


def sentence(*clauses: str) -> str:
    """The clauses as one 口径 text."""
    return ";".join(clause for clause in clauses if clause) + "。"


_BETWEEN = re.compile(r";(?![^()]*\))")


def clauses(text: str) -> tuple[str, ...]:
    """The clauses that `sentence` joined; a semicolon within brackets belongs to its clause."""
    return tuple(_BETWEEN.split(text.removesuffix("。")))
