"""Persons masked in free text for the public edition: names, telephone and document numbers, e-mail, number plates.

Rather too much than too little: any run of seven and more digits counts as somebody's number.
"""

import re
from collections.abc import Iterable, Iterator

_SHOWN = 3
_TAIL = 4
_SHORTEST_NAME = 2
_DIGITS = re.compile(r"(?<![\d])\d(?:[ \-—–]?\d){6,}[Xx]?(?![\d])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}(?![A-Z0-9])")
_ADDRESSED = re.compile(r"(?<=姓名[:：])[\u4e00-\u9fff·]{2,20}|(?<=联系人[:：])[\u4e00-\u9fff·]{2,20}")

# Names that don't begin ordinary words, and those that may where a title follows.
_SURNAMES = (
    "王李张刘陈杨黄赵吴徐孙朱胡郭林罗郑梁谢宋唐许邓韩冯曹彭曾萧田董袁潘蔡蒋叶杜苏魏吕丁沈姚卢姜崔钟谭陆汪范廖"
    "贾韦付邹熊孟秦邱侯薛阎段雷黎史陶贺毛郝顾龚邵钱严覃戴莫孔"
)
_TITLED = re.compile(
    rf"[{_SURNAMES}何高周马方金石江白余于任向]"
    r"[\u4e00-\u9fff]{0,2}(?=先生|女士|小姐|师傅|大爷|大妈|阿姨|同志|老师|老人)"
)
_GOES_ON = (
    "反映|投诉|来电|举报|称|说|表示|提出|求助|咨询|建议|要求|多次|再次|连续|家|等|于|在|因|向"
    "|[，。、；：（,;:(]|$"
)
_SAYING = re.compile(
    rf"(?<=市民|居民|群众|业主|村民|住户|租户|司机|老板|店主)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?(?={_GOES_ON})"
)
_CALLED = re.compile(
    rf"(?<=诉求人|来电人|投诉人|举报人|当事人|经办人|负责人)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?(?={_GOES_ON})"
)
_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,6}")


def mask_name(name: str) -> str:
    """The first character, then stars: 张**, 买***."""
    return name[:1] + "*" * max(len(name) - 1, 2) if name else ""


def _mask_number(found: re.Match[str]) -> str:
    digits = re.sub(r"[ \-—–]", "", found.group())
    return f"{digits[:_SHOWN]}****{digits[-_TAIL:]}" if len(digits) > _SHOWN + _TAIL else "*" * len(digits)


def _mask_plate(found: re.Match[str]) -> str:
    return found.group()[:2] + "*****"


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """`text` with the given names and every number that could lead to a person masked."""
    for name in sorted(set(names), key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = text.replace(name, mask_name(name))
    text = _ADDRESSED.sub(lambda found: mask_name(found.group()), text)
    text = _EMAIL.sub("***@***", text)
    text = _DIGITS.sub(_mask_number, text)
    return _PLATE.sub(_mask_plate, text)


def persons_in(text: str) -> Iterator[str]:
    """What in `text` looks like a person's name or leads to one, masked: too much rather than too little."""
    for pattern in (_ADDRESSED, _TITLED, _SAYING, _CALLED, _DOTTED):
        yield from (mask_name(found[0]) for found in pattern.finditer(text))
    yield from ("***@***" for _ in _EMAIL.finditer(text))
    yield from (_mask_number(found) for found in _DIGITS.finditer(text))
    yield from (_mask_plate(found) for found in _PLATE.finditer(text))
