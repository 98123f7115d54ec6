"""Persons in free text masked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.report.masking import mask_name, mask_text


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张伟", "张**"), ("买买提·艾力", "买*****"), ("李", "李**"), ("", "")],
)
def test_of_a_name_the_first_character_stays(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800001234。", "电话138****1234。"),
        ("电话 138-0000-1234。", "电话 138****1234。"),
        ("电话13800001234,", "电话138****1234,"),
        ("座机0994-2345678", "座机099****5678"),
        ("身份证65230119800101123X", "身份证652****123X"),
        ("邮箱 zhang.wei@example.com 收", "邮箱 ***@*** 收"),
        ("车牌新B12345违停", "车牌新B*****违停"),
        ("车牌新BD12345违停", "车牌新B*****违停"),
        ("联系人:古丽娜·买买提,住3号楼", "联系人:古******,住3号楼"),
        ("联系人：古丽娜·买买提，住3号楼", "联系人：古******，住3号楼"),
        ("3号楼2单元,欠费1200元,2025年4月1日起", "3号楼2单元,欠费1200元,2025年4月1日起"),
    ],
)
def test_what_leads_to_a_person_is_masked_and_the_matter_stays(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_the_requesters_name_is_masked_wherever_it_stands() -> None:
    assert mask_text("张伟称,张伟家断电。", ["张伟"]) == "张**称,张**家断电。"
    assert mask_text("王先生来电", ["王"]) == "王先生来电"
    assert mask_text("张伟民与张伟", ["张伟", "张伟民"]) == "张**与张**"


@given(st.text(alphabet="0123456789-— 电话号,Xx元", max_size=40))
def test_no_long_run_of_digits_survives(text: str) -> None:
    assert not re.search(r"\d(?:[ \-—–]?\d){7,}", mask_text(text))
