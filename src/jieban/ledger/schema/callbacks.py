"""The callbacks (回访): one row for each call back to a citizen."""

from jieban.ledger.schema.columns import Column, Kind, TableSchema
from jieban.ledger.schema.shared import SOURCE_COLUMNS

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
        Column(name="remark", kind=Kind.TEXT, verbatim=True, heading="回访备注", meaning="诉求人所说"),
        *SOURCE_COLUMNS,
    ),
)
