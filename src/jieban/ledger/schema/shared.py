"""Columns that several tables carry: deadlines, where a row came from, and what it was not told."""

from jieban.ledger.schema.columns import Column, Kind


def deadline_columns(level: str) -> tuple[Column, ...]:
    """Computed and stated deadlines of a level (工单 or 承办), with the rule that made each."""
    return tuple(
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
                recorded=True,
                synonyms=(f"{word}截止时间", f"{word}期限", f"{word}时限")
                + (("截止时间", "处理时限", "办理时限", "办理期限") if stage == "close" else ()),
            ),
            Column(
                name=f"stated_{stage}_on_time",
                kind=Kind.FLAG,
                heading=f"原表按期{word}",
                meaning=f"来源文件自带的按期{word}标记,与算出的并存",
                recorded=True,
                synonyms=(f"按期{word}", f"是否按期{word}", f"按时{word}", f"是否按时{word}"),
            ),
        )
    )


ABSENT = "absent_columns"

SOURCE_COLUMNS = (
    Column(
        name=ABSENT,
        kind=Kind.CODE,
        heading="原表没有的列",
        meaning="来源中根本没有的列(只列“缺列须记”的),以逗号分隔;空为各列都有",
    ),
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
