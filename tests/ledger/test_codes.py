"""Words become codes: by any spelling, on the row's day, whole and never in part."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from ledger_files import CUTOFF, WIDE, Read, codes, make_csv, wide_row

from jieban.kernel.typography import fullwidth
from jieban.ledger.docs import ledger_page
from jieban.ledger.read import read_ledger
from jieban.ledger.schema import TABLES, Kind
from jieban.ledger.values.domains import DEPENDS_ON, domain_of
from jieban.profile.city import Profile


@pytest.mark.parametrize(
    "word",
    [
        "住房和城乡建设局",
        "住建局",
        "昌吉市住房和城乡建设局",
        " 住 建 局 ",
        "住\u3000建局",
        "住建\u200b局",
        "housing",
    ],
)
def test_a_unit_by_any_of_its_spellings(read: Read, word: str) -> None:
    assert read([WIDE, wide_row("1", word)]).ledger.handlings["unit"].to_pylist() == ["housing"]


def test_aliases_match_whole(read: Read) -> None:
    reading = read(
        [
            (*WIDE, "所属街道乡镇"),
            [*wide_row("1"), "二六工镇"],
            [*wide_row("2"), "六工镇"],
            [*wide_row("3"), "工镇"],
        ]
    )
    first, second, third = reading.ledger.orders["street"].to_pylist()
    assert first != second
    assert None not in {first, second}
    assert third is None
    assert codes(reading) == [("unknown_street", "flag")]


def test_names_mean_who_had_them_on_the_day(tmp_path: Path, yunting: Profile) -> None:
    headings = (
        "工单编号",
        "受理时间",
        "派单时间",
        "诉求类型",
        "一级分类",
        "二级分类",
        "承办单位",
        "所属街道乡镇",
    )
    unit = next(iter(yunting.units.values())).name
    rows = [
        (str(n), day, day, "咨询", topic, subtopic, unit, "石桥镇")
        for n, (day, topic, subtopic) in enumerate(
            [
                ("2024-12-30", "市容环卫", "垃圾清运"),
                ("2025-01-02", "市容环卫", "垃圾清运"),
                ("2024-12-30", "劳作", "技能班"),
                ("2025-01-02", "劳作", "技能班"),
                ("2024-12-31", "劳作", "技能培训"),
            ]
        )
    ]
    orders = read_ledger(
        [make_csv(tmp_path / "a.csv", [headings, *rows])], yunting, cutoff=CUTOFF
    ).ledger.orders
    # Two courses became 技能培训: which of them the last row means, its day alone doesn't tell.
    assert orders["topic"].to_pylist() == ["tidiness", "clean", "work", "work", "work"]
    assert orders["subtopic"].to_pylist() == ["litter", "litter", "lessons", "training", None]
    assert orders["street"].to_pylist() == ["stone-bridge", "sands", "stone-bridge", "sands", "stone-bridge"]


def test_every_name_means_what_the_register_says_on_the_days_around_each_change(yunting: Profile) -> None:
    domain = domain_of(yunting, "units")
    ends = {
        end for unit in yunting.units.values() for end in (unit.validity.first, unit.validity.last) if end
    }
    days = {day + timedelta(days=step) for day in ends for step in (-2, -1, 0, 1, 2)}
    assert days
    for word in domain.spellings:
        for day in days:
            unit = yunting.units.find(word, day)
            assert domain.find(word, (day - date(1970, 1, 1)).days) == (unit and unit.code), (word, day)


def test_the_same_word_under_other_topics_is_another_subtopic(read: Read) -> None:
    rows = [
        WIDE,
        wide_row("1", 一级分类="民生保障类", 二级分类="其他"),
        wide_row("2", 一级分类="党务政务类", 二级分类="其他"),
    ]
    table = read(rows).ledger.orders
    assert len(set(table["topic"].to_pylist())) == 2
    assert None not in table["subtopic"].to_pylist()


@pytest.mark.parametrize(
    ("heading", "words", "meant"),
    [
        (
            "是否匿名",
            ["是", "Y", "√", "1", "匿名", "true", "否", "N", "×", "0", "实名", ""],
            [True] * 6 + [False] * 6,
        ),
        (
            "是否按期办结",
            ["按期", "按时", "ONTIME", "超期", "OVERDUE", ""],
            [True] * 3 + [False] * 2 + [None],
        ),
        ("不纳入考核", ["是", "不纳入", "纳入考核", "否", ""], [True, True, False, False, False]),
    ],
)
def test_words_for_yes_and_no(read: Read, heading: str, words: list[str], meant: list[bool | None]) -> None:
    reading = read([(*WIDE, heading), *([*wide_row(str(n)), word] for n, word in enumerate(words))])
    column = next(c.name for c in TABLES[0].columns if heading in {c.heading, *c.synonyms})
    assert reading.ledger.orders[column].to_pylist() == meant
    assert codes(reading) == []


def test_typed_cells_are_understood_too(read: Read) -> None:
    headings = (*WIDE, "是否匿名", "重办次数", "联系电话")
    rows = [headings, [*wide_row("1"), True, 2.0, 13909940001], [*wide_row("2"), 0, "3次", "１３９ 0994"]]
    orders = read(rows).ledger.orders
    assert orders["anonymous"].to_pylist() == [True, False]
    assert orders["reopen_count"].to_pylist() == [2, 3]
    assert orders["phone"].to_pylist() == ["13909940001", "139 0994"]


def test_what_people_said_is_kept_as_they_said_it(read: Read) -> None:
    said = "第\uff11次\uff0c水\u3000停了\u200d!"
    headings = (*WIDE, "诉求内容", "社区")
    order = read([headings, [*wide_row("1"), f"\u3000{said}\n ", "东\uff11社区"]]).ledger.orders.to_pylist()[
        0
    ]
    assert order["content"] == said
    assert order["community"] == "东1社区"


def test_a_default_stands_in_an_empty_cell_and_not_where_there_is_no_column(read: Read) -> None:
    withs = [column for column in TABLES[0].columns if column.default is not None]
    headings = [column.heading for column in withs]
    told = read([(*WIDE, *headings), [*wide_row("1"), *[""] * len(headings)]]).ledger.orders.to_pylist()[0]
    untold = read([WIDE, wide_row("1")]).ledger.orders.to_pylist()[0]
    for column in withs:
        assert told[column.name] == column.default
        assert untold[column.name] == (column.default if column.name == "disposition" else None)
        assert column.recorded


def test_every_coded_column_has_a_domain_that_both_cities_know(changji: Profile, yunting: Profile) -> None:
    for profile in (changji, yunting):
        for schema in TABLES:
            for column in schema.columns:
                if column.kind is Kind.CODE and column.domain and column.domain not in DEPENDS_ON:
                    assert domain_of(profile, column.domain).find("没有这样的词", None) is None


def test_the_page_on_the_ledger_is_up_to_date(repo: Path) -> None:
    page = (repo / "docs" / "ledger.md").read_text(encoding="utf-8")
    assert page == ledger_page()
    for schema in TABLES:
        for column in schema.columns:
            assert f"| `{column.name}` | {fullwidth(column.heading)} |" in page
