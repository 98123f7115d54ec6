from jieban.kernel.errors import JiebanError, Where


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = JiebanError(
        "签收时间早于派单时间。",
        where=Where(file="四月.xlsx", sheet="工单", row=7, column="签收时间"),
        fix="请更正后重试。",
    )
    assert str(error) == "四月.xlsx 工作表“工单” 第 7 行 “签收时间”列：签收时间早于派单时间。请更正后重试。"


def test_an_error_without_a_place_is_just_its_sentence() -> None:
    assert str(JiebanError("不行。")) == "不行。"
    assert str(JiebanError("不行。", where=Where())) == "不行。"


def test_programs_read_the_same_as_a_value() -> None:
    error = JiebanError("缺列。", where=Where(file="a.toml", line=3), fix="补上。")
    assert error.as_dict() == {
        "code": "jieban",
        "what": "缺列。",
        "where": {"file": "a.toml", "line": 3},
        "fix": "补上。",
    }
