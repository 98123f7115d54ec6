"""Full-width marks beside Chinese, and nothing else touched. Escapes, lest an editor change what is tested."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.report.document import Figure, Text, plain
from jieban.report.typography import fullwidth, typeset_runs

COMMA, COLON, SEMICOLON, OPEN, CLOSE = "\uff0c", "\uff1a", "\uff1b", "\uff08", "\uff09"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("4月30日,共转派", f"4月30日{COMMA}共转派"),
        ("占比17.36%)。", "占比17.36%)。"),
        ("住房保障类(793件,占比17.36%)。", f"住房保障类{OPEN}793件{COMMA}占比17.36%{CLOSE}。"),
        ("占比(%)", f"占比{OPEN}%{CLOSE}"),
        ("(4月1日-4月30日)", f"{OPEN}4月1日-4月30日{CLOSE}"),
        ("(一)", f"{OPEN}一{CLOSE}"),
        ("附件:1.办理量", f"附件{COLON}1.办理量"),
        ("其中:{a};{b}", f"其中{COLON}{{a}};{{b}}"),
        ("甲;乙!丙?", f"甲{SEMICOLON}乙\uff01丙\uff1f"),
        ("数据截至2025年5月3日16:00,其后", f"数据截至2025年5月3日16:00{COMMA}其后"),
        ("1,234件", "1,234件"),
        ("Mayor's Hotline (24 h), open: yes", "Mayor's Hotline (24 h), open: yes"),
        ("“热线”,“窗口”", f"“热线”{COMMA}“窗口”"),
        ("(614+0.6×34)/670", "(614+0.6×34)/670"),
        ("甲(乙(丙))", f"甲{OPEN}乙{OPEN}丙{CLOSE}{CLOSE}"),
    ],
)
def test_marks(typed: str, printed: str) -> None:
    assert fullwidth(typed) == printed


def test_a_mark_at_a_runs_edge_knows_its_neighbours() -> None:
    count = Figure(text="793", unit="件", value=793, indicator="orders.total")
    share = Figure(text="17.36", unit="%", value=None, indicator="orders.total")
    runs = (Text("住房", strong=True), Text("("), count, Text(","), share, Text(")、"))
    set_runs = typeset_runs(runs)
    assert plain(set_runs) == f"住房{OPEN}793件{COMMA}17.36%{CLOSE}、"
    assert [type(run) for run in set_runs] == [type(run) for run in runs]
    assert set_runs[2] is count
    assert isinstance(set_runs[0], Text)
    assert set_runs[0].strong


@given(st.text(alphabet="中日。、“a1 %.,:;?!()", max_size=30))
def test_it_changes_nothing_but_marks_and_needs_no_second_time(text: str) -> None:
    set_text = fullwidth(text)
    assert len(set_text) == len(text)
    assert fullwidth(set_text) == set_text
    for typed, printed in zip(text, set_text, strict=True):
        assert typed == printed or ord(printed) == ord(typed) + 0xFEE0
    assert not re.search(r"[中日。、“][,:;?!]|[,:;?!][中日。、“]", set_text)
