"""Chinese punctuation is full-width: what was typed half-width beside Chinese is set as a printer would set it.

Words come from sources and profiles, and whoever wrote them may have typed either form. A mark between figures or
Latin letters (16:00, 1,234) stays as it is.
"""

import re

_WIDE = {mark: chr(ord(mark) + 0xFEE0) for mark in ",:;?!()"}
# Chinese characters, their own punctuation, and the marks made here.
_CHINESE = r"\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\u201c\u201d\u2014"
_BESIDE = re.compile(rf"(?<=[{_CHINESE}])[,:;?!]|[,:;?!](?=[{_CHINESE}])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_TOUCHES = re.compile(rf"[{_CHINESE}]")
_HALF = re.compile(r"[,:;?!(]")
_FULL = r"[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff60]"
_PLACE = re.compile(r"\{[^{}]*\}")
_STANDS_IN = "\u3007"
_BLANK_BESIDE = re.compile(rf"(?<={_FULL}) | (?={_FULL})")


def fullwidth(text: str) -> str:
    """`text` with its half-width marks beside Chinese made full-width; as long as before.

    Brackets change in pairs: when anything just inside or outside of either is Chinese.
    """
    if not _HALF.search(text):
        return text
    before = None
    while text != before:
        before = text
        text = _BRACKETS.sub(lambda found: _bracketed(found, before), text)  # noqa: B023 - used at once
        text = _BESIDE.sub(lambda found: _WIDE[found.group()], text)
    return text


def fullwidth_pattern(pattern: str) -> str:
    """`pattern`, whose {places} are filled later, with its half-width marks made full-width; as long as before.

    What will stand in a place is taken for Chinese: a mark between two places belongs to the sentence. What is within
    braces stays as it is.
    """
    stood_in = _PLACE.sub(lambda place: _STANDS_IN * len(place.group()), pattern)
    marks = list(fullwidth(stood_in))
    for place in _PLACE.finditer(pattern):
        marks[place.start() : place.end()] = place.group()
    return "".join(marks)


def in_one_line(text: str) -> str:
    """`text` without its line breaks, each a blank; none beside a full-width mark, which brings its own."""
    return _BLANK_BESIDE.sub("", " ".join(text.split()))


def _bracketed(found: re.Match[str], text: str) -> str:
    begin, end = found.span()
    near = text[max(begin - 1, 0) : begin + 2] + text[end - 2 : end + 1]
    if not _TOUCHES.search(near):
        return found.group()
    return f"{_WIDE['(']}{found.group(1)}{_WIDE[')']}"
