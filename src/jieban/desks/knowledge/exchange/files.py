"""Articles as a file, so that a city can move in, and out: TOML, one `[[article]]` each."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jieban.desks.knowledge.articles.written import Written, checked, holds_unconfirmed
from jieban.desks.knowledge.errors import BadArticle
from jieban.desks.knowledge.models import Article, Making, Wording
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.profile.documents.toml_words import reason_and_place

MOST_BYTES = 16 << 20
GONE = "withdrawn"
"""The table of what was taken back or given up: it is told of, never taken in."""
_TEXTS = ("title", "body", "unit", "state")
_LISTS = ("questions", "topics")
_DAYS = ("valid_from", "valid_to", "confirm_by")
_TOLD = ("version", "step")
"""What is told of an article's past: to be read, never taken in."""
_KEYS = frozenset({*_TEXTS, *_LISTS, *_DAYS, *_TOLD, "public"})


class State(StrEnum):
    """How far an article of a file is."""

    PUBLISHED = "published"
    SUBMITTED = "submitted"
    DRAFT = "draft"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """An article of a file."""

    written: Written
    state: State


def read(text: str, day: date) -> tuple[Filed, ...]:
    """The articles of a file, each as it is kept. Raises BadArticle with the line, or with which article it is."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        reason, line, column = reason_and_place(str(fault), text)
        raise BadArticle(
            tr("第 {line} 行第 {column} 列:{reason}。", line=line, column=column, reason=reason),
            fix=tr("请改正后再导入。"),
        ) from fault
    rows = given.pop("article", [])
    given.pop(GONE, None)
    if given or not isinstance(rows, list) or not rows:
        raise BadArticle(tr("文件里没有知识。"), fix=tr("每条知识写成一段 [[article]]。"))
    return tuple(_read(at, row, day) for at, row in enumerate(rows, start=1))


def decoded(content: bytes) -> str:
    """The text of a file's content. Raises BadArticle for what is too long, or no text in UTF-8."""
    if len(content) > MOST_BYTES:
        raise BadArticle(tr("文件超过 {n} MB。", n=MOST_BYTES >> 20), fix=tr("请分成几个文件导入。"))
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        raise BadArticle(tr("文件不是 UTF-8 编码的文字。"), fix=tr("请另存为 UTF-8 编码再导入。")) from fault


def written_as_file(
    articles: Iterable[tuple[Wording, State]],
    heading: str,
    past: Callable[[Article, str], Iterable[str]] | None = None,
    gone: Iterable[Article] = (),
) -> str:
    """Articles as a file that `read` reads again.

    `past` tells what became of an article, as tables under the one that is named; `gone` are those that hold no more.
    """
    parts = [f"# {line}" for line in heading.splitlines()]
    for wording, state in articles:
        parts += ["", "[[article]]", *_lines(wording, state)]
        if past is not None:
            parts += past(wording.article, "article")
    for article in gone:
        last = article.latest
        parts += ["", f"[[{GONE}]]", f"title = {quoted(last.title if last is not None else '')}"]
        if past is not None:
            parts += past(article, GONE)
    return "\n".join(parts) + "\n"


def states_of(article: Article) -> Iterator[tuple[Wording, State]]:
    """What of an article goes into a file: what holds, and a text that isn't published where nothing holds."""
    if article.published is not None:
        yield article.published, State.PUBLISHED
    elif article.latest is not None and article.making != Making.NONE:
        yield article.latest, State.SUBMITTED if article.making == Making.SUBMITTED else State.DRAFT


def _read(at: int, row: object, day: date) -> Filed:
    where = tr("第 {n} 条", n=at)
    if not isinstance(row, Mapping):
        raise BadArticle(tr("{where}不是一段 [[article]]。", where=where), fix=tr("请改正后再导入。"))
    if strange := sorted(set(row) - _KEYS):
        raise BadArticle(
            tr("{where}有不认识的键:{keys}。", where=where, keys="、".join(strange)),
            fix=tr("可用的键:{keys}。", keys="、".join(sorted(_KEYS - set(_TOLD)))),
        )
    for keys, kind in ((_TEXTS, str), (_LISTS, list), (_DAYS, date), (("public",), bool)):
        for key in keys:
            if key in row and (not isinstance(row[key], kind) or isinstance(row[key], datetime)):
                raise BadArticle(
                    tr("{where}的 {key} 写法不对。", where=where, key=key), fix=tr("请照导出的文件写。")
                )
    if row.get("state", State.PUBLISHED) not in set(State):
        raise BadArticle(
            tr("{where}的 state 写法不对。", where=where), fix=tr("可写:{keys}。", keys="、".join(State))
        )
    try:
        written = checked(
            Written(
                title=row.get("title", ""),
                body=row.get("body", ""),
                unit=row.get("unit") or None,
                questions=_texts(row.get("questions", ())),
                topics=_texts(row.get("topics", ())),
                valid_from=row.get("valid_from"),
                valid_to=row.get("valid_to"),
                confirm_by=row.get("confirm_by", day + holds_unconfirmed()),
                public=row.get("public", False),
            ),
            day,
        )
    except JiebanError as fault:
        raise BadArticle(f"{where}：{fault.what}", fix=fault.fix) from fault
    return Filed(written=written, state=State(row.get("state", State.PUBLISHED)))


def _texts(given: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(each) for each in given)


def _lines(wording: Wording, state: State) -> Iterator[str]:
    yield from text_lines(wording)
    yield f"state = {quoted(state.value)}"
    yield f'body = """\n{many(wording.body)}\n"""'


def text_lines(wording: Wording) -> Iterator[str]:
    """What a version says besides its body."""
    yield f"title = {quoted(wording.title)}"
    yield f"questions = [{', '.join(map(quoted, wording.asked))}]"
    if wording.unit is not None:
        yield f"unit = {quoted(wording.unit)}"
    yield f"topics = [{', '.join(map(quoted, wording.of_topics))}]"
    for key in _DAYS:
        day: date | None = getattr(wording, key)
        if day is not None:
            yield f"{key} = {day.isoformat()}"
    yield f"public = {'true' if wording.public else 'false'}"


def quoted(text: str) -> str:
    """A string in one line: JSON's are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def many(text: str) -> str:
    """Lines as they are read again: signs that mean something are written out."""
    plain = text.replace("\\", "\\\\").replace('"""', '""\\"')
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04X}", plain)
