"""The letters (信箱来信): one row for each letter to a leader's mailbox."""

from jieban.ledger.schema.columns import Column, Kind, TableSchema
from jieban.ledger.schema.shared import SOURCE_COLUMNS

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
            verbatim=True,
            heading="来信内容",
            meaning="来信原文",
            synonyms=("内容", "诉求内容"),
        ),
        Column(name="reply", kind=Kind.TEXT, verbatim=True, heading="答复内容", meaning="对来信的答复"),
        *SOURCE_COLUMNS,
    ),
)
