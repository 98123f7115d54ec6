"""The canonical ledger: four tables, each column with its type, unit, meaning and Chinese heading.

In memory the tables are Arrow, on disk Parquet. Instants are UTC with second precision and are shown in
the profile's time zone. Coded columns hold the profile's codes, never labels. `SCHEMA_VERSION` is stored
in every snapshot and changes with any change of meaning here.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

import pyarrow as pa

SCHEMA_VERSION = "1"

INSTANT = pa.timestamp("s", tz="UTC")
CODE = pa.dictionary(pa.int32(), pa.string())


class Kind(Enum):
    """What a cell holds, and so how it is parsed at the door and typed in Arrow."""

    TEXT = pa.string()
    CODE = CODE
    INSTANT = INSTANT
    FLAG = pa.bool_()
    COUNT = pa.int32()


class Disposition(StrEnum):
    """What became of a request when it was taken in (ruling 2): three different volumes."""

    DISPATCHED = "dispatched"
    ANSWERED = "answered"
    REFUSED = "refused"
    MERGED = "merged"
    SPLIT = "split"


class Satisfaction(StrEnum):
    """The citizen's rating at the callback that counts."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_RATED = "not_rated"


class Role(StrEnum):
    """A unit's part in an order."""

    LEAD = "lead"
    ASSIST = "assist"


class LetterDisposition(StrEnum):
    """What became of a mailbox letter."""

    TRANSFERRED = "transferred"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column. `domain` names what a CODE is looked up in: a register of the profile or an enum above."""

    name: str
    kind: Kind
    heading: str
    meaning: str
    required: bool = False
    unit: str = ""
    domain: str = ""
    synonyms: tuple[str, ...] = ()
    default: object = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSchema:
    """A canonical table: its columns in order and the column that names a row."""

    name: str
    heading: str
    meaning: str
    key: str
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema. Required columns are not nullable."""
        return pa.schema(
            [pa.field(c.name, c.kind.value, nullable=not c.required) for c in self.columns],
            metadata={b"jieban.table": self.name.encode(), b"jieban.schema": SCHEMA_VERSION.encode()},
        )

    def column(self, name: str) -> Column:
        """The column called `name`. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _deadline_columns(level: str) -> tuple[Column, ...]:
    computed = tuple(
        column
        for stage, word in (("sign", "签收"), ("close", "办结"))
        for column in (
            Column(
                name=f"{stage}_due_at",
                kind=Kind.INSTANT,
                heading=f"应{word}时间",
                meaning=f"按配置的时限规则算出的{level}{word}期限",
                unit="UTC 时刻",
            ),
            Column(
                name=f"{stage}_rule",
                kind=Kind.CODE,
                heading=f"{word}时限规则",
                meaning=f"算出{word}期限的规则编号",
            ),
            Column(
                name=f"stated_{stage}_due_at",
                kind=Kind.INSTANT,
                heading=f"原表应{word}时间",
                meaning=f"来源文件自带的{word}期限,与算出的并存",
                unit="UTC 时刻",
                synonyms=(f"{word}截止时间", f"{word}期限", f"{word}时限")
                + (("截止时间", "处理时限", "办理时限", "办理期限") if stage == "close" else ()),
            ),
            Column(
                name=f"stated_{stage}_on_time",
                kind=Kind.FLAG,
                heading=f"原表按期{word}",
                meaning=f"来源文件自带的按期{word}标记,与算出的并存",
                synonyms=(f"按期{word}", f"是否按期{word}", f"按时{word}", f"是否按时{word}"),
            ),
        )
    )
    return (*computed,)


_SOURCE_COLUMNS = (
    Column(
        name="flags",
        kind=Kind.TEXT,
        heading="存疑标记",
        meaning="接收但存疑的原因代码,以逗号分隔;空为无疑",
    ),
    Column(
        name="source_row",
        kind=Kind.COUNT,
        heading="来源行号",
        meaning="在来源表中的行号,从 1 起",
        unit="行",
    ),
)

ORDERS = TableSchema(
    name="orders",
    heading="工单",
    meaning="热线受理的每件诉求一行;信箱来信不在此表",
    key="order_no",
    columns=(
        Column(
            name="order_no",
            kind=Kind.TEXT,
            heading="工单编号",
            meaning="工单的唯一编号",
            required=True,
            synonyms=("工单号", "编号", "案件编号", "受理编号", "诉求编号", "单号"),
        ),
        Column(
            name="channel",
            kind=Kind.CODE,
            heading="来源渠道",
            meaning="诉求由何处进入",
            domain="channels",
            synonyms=("来源", "渠道", "诉求来源", "受理渠道"),
        ),
        Column(
            name="disposition",
            kind=Kind.CODE,
            heading="受理方式",
            meaning="转派、直接答复、不予受理、并单、拆单",
            domain="disposition",
            default=Disposition.DISPATCHED,
            synonyms=("处理方式", "办理方式"),
        ),
        Column(
            name="received_at",
            kind=Kind.INSTANT,
            heading="受理时间",
            meaning="诉求进入热线的时刻",
            required=True,
            unit="UTC 时刻",
            synonyms=("来电时间", "登记时间", "创建时间", "诉求时间", "受理日期"),
        ),
        Column(
            name="dispatched_at",
            kind=Kind.INSTANT,
            heading="派单时间",
            meaning="转派给承办单位的时刻;转派工单必有",
            unit="UTC 时刻",
            synonyms=("转派时间", "派发时间", "交办时间", "派单日期"),
        ),
        Column(
            name="signed_at",
            kind=Kind.INSTANT,
            heading="签收时间",
            meaning="主办单位签收的时刻",
            unit="UTC 时刻",
            synonyms=("接收时间", "工单签收时间"),
        ),
        Column(
            name="closed_at",
            kind=Kind.INSTANT,
            heading="办结时间",
            meaning="全部承办单位办结的时刻",
            unit="UTC 时刻",
            synonyms=("结案时间", "完成时间", "办结日期", "工单办结时间"),
        ),
        Column(
            name="request_type",
            kind=Kind.CODE,
            heading="诉求类型",
            meaning="投诉、求助、咨询等",
            required=True,
            domain="request_types",
            synonyms=("诉求分类", "工单类型", "诉求类别", "类型"),
        ),
        Column(
            name="topic",
            kind=Kind.CODE,
            heading="一级分类",
            meaning="诉求热点的一级分类",
            required=True,
            domain="topics",
            synonyms=("问题分类", "热点分类", "一级类别", "诉求热点"),
        ),
        Column(
            name="subtopic",
            kind=Kind.CODE,
            heading="二级分类",
            meaning="一级分类之下的二级分类;无二级分类的留空",
            domain="subtopics",
            synonyms=("二级类别", "问题细类"),
        ),
        Column(
            name="urgency",
            kind=Kind.CODE,
            heading="紧急程度",
            meaning="一般、紧急、特急",
            domain="urgency",
            default="normal",
            synonyms=("紧急度", "缓急程度"),
        ),
        Column(
            name="street",
            kind=Kind.CODE,
            heading="所属街道乡镇",
            meaning="事发地所在街道、乡镇、园区",
            domain="streets",
            synonyms=("街道", "乡镇", "所属街道", "街道乡镇", "属地", "所属区域"),
        ),
        Column(
            name="community",
            kind=Kind.TEXT,
            heading="社区村",
            meaning="事发地社区或村",
            synonyms=("社区", "村"),
        ),
        Column(
            name="address",
            kind=Kind.TEXT,
            heading="事发地址",
            meaning="事发地址原文",
            synonyms=("地址", "发生地址", "诉求地址"),
        ),
        Column(
            name="requester",
            kind=Kind.TEXT,
            heading="诉求人",
            meaning="诉求人姓名;匿名为空;公开版一律遮盖",
            synonyms=("来电人", "姓名", "联系人", "反映人"),
        ),
        Column(
            name="phone",
            kind=Kind.TEXT,
            heading="联系电话",
            meaning="诉求人电话;公开版一律遮盖",
            synonyms=("来电号码", "电话", "联系方式", "手机号"),
        ),
        Column(
            name="anonymous",
            kind=Kind.FLAG,
            heading="是否匿名",
            meaning="诉求人要求不留姓名",
            default=False,
            synonyms=("匿名",),
        ),
        Column(
            name="confidential",
            kind=Kind.FLAG,
            heading="是否保密",
            meaning="承办单位不见诉求人",
            default=False,
            synonyms=("保密",),
        ),
        Column(
            name="content",
            kind=Kind.TEXT,
            heading="诉求内容",
            meaning="诉求内容原文",
            synonyms=("主要内容", "内容", "工单内容", "诉求描述"),
        ),
        Column(
            name="reply",
            kind=Kind.TEXT,
            heading="答复内容",
            meaning="对诉求人的答复",
            synonyms=("办理结果", "处理结果", "回复内容", "办理情况", "公开答复内容"),
        ),
        Column(
            name="contacted",
            kind=Kind.FLAG,
            heading="是否联系诉求人",
            meaning="承办单位办理中是否联系了诉求人(响应)",
            synonyms=("是否联系", "已联系"),
        ),
        Column(
            name="called_back",
            kind=Kind.FLAG,
            heading="是否有效回访",
            meaning="回访是否接通并取得评价",
            synonyms=("有效回访", "是否回访", "回访成功"),
        ),
        Column(
            name="resolved",
            kind=Kind.FLAG,
            heading="是否解决",
            meaning="诉求人认为是否解决",
            synonyms=("解决情况", "是否已解决"),
        ),
        Column(
            name="satisfaction",
            kind=Kind.CODE,
            heading="满意度",
            meaning="计入考核的那次回访的评价",
            domain="satisfaction",
            synonyms=("满意情况", "满意度评价", "评价", "回访结果"),
        ),
        Column(
            name="repeat_of",
            kind=Kind.TEXT,
            heading="重复诉求原单",
            meaning="同一人或同一事项的前一工单编号;空为首次",
            synonyms=("重复工单", "关联工单", "原工单编号"),
        ),
        Column(
            name="reopen_count",
            kind=Kind.COUNT,
            heading="重办次数",
            meaning="办结后重新办理的次数",
            unit="次",
            default=0,
            synonyms=("重办", "二次办理次数"),
        ),
        Column(
            name="excluded",
            kind=Kind.FLAG,
            heading="不纳入考核",
            meaning="经认定不纳入考核(如无理诉求)",
            default=False,
            synonyms=("是否剔除", "是否不纳入考核", "剔除"),
        ),
        *_deadline_columns("工单"),
        *_SOURCE_COLUMNS,
    ),
)

HANDLINGS = TableSchema(
    name="handlings",
    heading="承办",
    meaning="一件工单在一个承办单位手中为一行;一件工单可有多行",
    key="handling_no",
    columns=(
        Column(
            name="handling_no",
            kind=Kind.TEXT,
            heading="承办编号",
            meaning="工单编号加序号,唯一",
            required=True,
        ),
        Column(
            name="order_no",
            kind=Kind.TEXT,
            heading="工单编号",
            meaning="所属工单",
            required=True,
            synonyms=("工单号", "编号", "案件编号", "受理编号"),
        ),
        Column(
            name="unit",
            kind=Kind.CODE,
            heading="承办单位",
            meaning="承办的单位",
            required=True,
            domain="units",
            synonyms=("受理单位", "办理单位", "责任单位", "处理单位", "承办部门"),
        ),
        Column(
            name="role",
            kind=Kind.CODE,
            heading="主办协办",
            meaning="主办或协办;一件工单只有一个主办",
            domain="role",
            default=Role.LEAD,
            synonyms=("承办角色", "主协办"),
        ),
        Column(
            name="dispatched_at",
            kind=Kind.INSTANT,
            heading="派单时间",
            meaning="派给该单位的时刻",
            required=True,
            unit="UTC 时刻",
            synonyms=("转派时间", "派发时间", "交办时间"),
        ),
        Column(
            name="signed_at",
            kind=Kind.INSTANT,
            heading="签收时间",
            meaning="该单位签收的时刻",
            unit="UTC 时刻",
        ),
        Column(
            name="closed_at",
            kind=Kind.INSTANT,
            heading="办结时间",
            meaning="该单位办结的时刻",
            unit="UTC 时刻",
            synonyms=("完成时间",),
        ),
        Column(
            name="returned",
            kind=Kind.FLAG,
            heading="是否退单",
            meaning="该单位退回且已获准;退回的不计入办理量",
            default=False,
            synonyms=("退单",),
        ),
        Column(
            name="return_requests",
            kind=Kind.COUNT,
            heading="退单申请次数",
            meaning="该单位申请退单的次数",
            unit="次",
            default=0,
            synonyms=("退单次数",),
        ),
        Column(
            name="extension_days",
            kind=Kind.COUNT,
            heading="延期天数",
            meaning="获准延长的工作日数;0 为未延期",
            unit="工作日",
            default=0,
            synonyms=("延期",),
        ),
        Column(
            name="rework_count",
            kind=Kind.COUNT,
            heading="返工次数",
            meaning="审核或回访后退回重办的次数",
            unit="次",
            default=0,
            synonyms=("退回重办次数",),
        ),
        Column(
            name="reply",
            kind=Kind.TEXT,
            heading="办理情况",
            meaning="该单位的办理情况",
            synonyms=("答复内容",),
        ),
        *_deadline_columns("承办"),
        *_SOURCE_COLUMNS,
    ),
)

LETTERS = TableSchema(
    name="letters",
    heading="信箱来信",
    meaning="领导信箱的来信,一信一行;不计入工单和承办(口径见统计说明)",
    key="letter_no",
    columns=(
        Column(
            name="letter_no",
            kind=Kind.TEXT,
            heading="来信编号",
            meaning="来信的唯一编号",
            required=True,
            synonyms=("信件编号", "编号"),
        ),
        Column(
            name="mailbox",
            kind=Kind.CODE,
            heading="信箱",
            meaning="寄往哪个信箱",
            required=True,
            domain="mailboxes",
            synonyms=("信箱名称", "信箱类型"),
        ),
        Column(
            name="received_at",
            kind=Kind.INSTANT,
            heading="收到时间",
            meaning="收到来信的时刻",
            required=True,
            unit="UTC 时刻",
            synonyms=("来信时间", "收信时间", "受理时间"),
        ),
        Column(
            name="topic",
            kind=Kind.CODE,
            heading="一级分类",
            meaning="该信箱自己的一级分类",
            required=True,
            domain="mailbox_topics",
            synonyms=("诉求分类", "信件类别"),
        ),
        Column(
            name="subtopic",
            kind=Kind.CODE,
            heading="二级分类",
            meaning="该信箱自己的二级分类",
            domain="mailbox_subtopics",
        ),
        Column(
            name="disposition",
            kind=Kind.CODE,
            heading="办理方式",
            meaning="转办或直接办结答复",
            required=True,
            domain="letter_disposition",
            synonyms=("处理方式",),
        ),
        Column(
            name="unit",
            kind=Kind.CODE,
            heading="承办单位",
            meaning="转办到的单位;直接答复的为答复单位",
            domain="units",
            synonyms=("办理单位", "责任单位"),
        ),
        Column(
            name="closed_at", kind=Kind.INSTANT, heading="办结时间", meaning="办结的时刻", unit="UTC 时刻"
        ),
        Column(
            name="published",
            kind=Kind.FLAG,
            heading="是否公开",
            meaning="答复是否公开",
            default=False,
            synonyms=("公开",),
        ),
        Column(
            name="content",
            kind=Kind.TEXT,
            heading="来信内容",
            meaning="来信原文",
            synonyms=("内容", "诉求内容"),
        ),
        Column(name="reply", kind=Kind.TEXT, heading="答复内容", meaning="对来信的答复"),
        *_SOURCE_COLUMNS,
    ),
)

CALLBACKS = TableSchema(
    name="callbacks",
    heading="回访",
    meaning="每次回访一行;工单上的评价取计入考核的一次",
    key="callback_no",
    columns=(
        Column(
            name="callback_no",
            kind=Kind.TEXT,
            heading="回访编号",
            meaning="回访的唯一编号",
            required=True,
        ),
        Column(
            name="order_no",
            kind=Kind.TEXT,
            heading="工单编号",
            meaning="所回访的工单",
            required=True,
            synonyms=("工单号", "编号"),
        ),
        Column(
            name="called_at",
            kind=Kind.INSTANT,
            heading="回访时间",
            meaning="拨出回访的时刻",
            required=True,
            unit="UTC 时刻",
        ),
        Column(name="reached", kind=Kind.FLAG, heading="是否接通", meaning="是否接通", required=True),
        Column(
            name="contacted", kind=Kind.FLAG, heading="是否联系诉求人", meaning="承办单位是否联系了诉求人"
        ),
        Column(name="resolved", kind=Kind.FLAG, heading="是否解决", meaning="诉求人认为是否解决"),
        Column(
            name="satisfaction",
            kind=Kind.CODE,
            heading="满意度",
            meaning="诉求人的评价",
            domain="satisfaction",
        ),
        Column(name="remark", kind=Kind.TEXT, heading="回访备注", meaning="诉求人所说"),
        *_SOURCE_COLUMNS,
    ),
)

TABLES: tuple[TableSchema, ...] = (ORDERS, HANDLINGS, LETTERS, CALLBACKS)


def table(name: str) -> TableSchema:
    """The schema of the canonical table `name`. Raises KeyError."""
    for schema in TABLES:
        if schema.name == name:
            return schema
    raise KeyError(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The four canonical tables, each in its Arrow schema (empty where a city has none)."""

    orders: pa.Table
    handlings: pa.Table
    letters: pa.Table
    callbacks: pa.Table

    def tables(self) -> dict[str, pa.Table]:
        """The tables by name, in canonical order."""
        return {schema.name: getattr(self, schema.name) for schema in TABLES}
