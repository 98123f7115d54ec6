"""What became of articles, for their file: every version that was written, and what was done to it by whom."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from jieban.desks.knowledge.exchange.files import many, quoted, states_of, text_lines, written_as_file
from jieban.desks.knowledge.models import Article, ArticleNote, Making, Wording
from jieban.desks.shell import words
from jieban.desks.shell.names import names_of
from jieban.kernel.i18n import tr
from jieban.people.city import city


def file_of_all(now: datetime, *, past: bool) -> str:
    """All articles as a file: what holds, and what is written where nothing holds; with `past` all that was, too."""
    heading = tr("{title}知识库,{at}", title=city().title, at=words.moment(now))
    articles = Article.objects.select_related("published__article", "latest__article").order_by("pk")
    found = list(articles)
    rows = (row for each in found for row in states_of(each))
    if not past:
        return written_as_file(rows, heading)
    gone = articles.filter(Q(published__isnull=True) & Q(making=Making.NONE.value))
    return written_as_file(rows, heading, _past_of(found), gone)


def _past_of(articles: Iterable[Article]) -> Callable[[Article, str], Iterator[str]]:
    keys = [each.pk for each in articles]
    wordings: dict[int, list[Wording]] = {}
    notes: dict[int, list[ArticleNote]] = {}
    for wording in Wording.objects.filter(article__in=keys).order_by("number"):
        wordings.setdefault(wording.article_id, []).append(wording)
    for note in ArticleNote.objects.filter(article__in=keys).select_related("version").order_by("pk"):
        notes.setdefault(note.article_id, []).append(note)
    names = names_of(
        [
            *(each.made_by for some in wordings.values() for each in some),
            *(each.by for some in notes.values() for each in some),
        ]
    )

    def past(article: Article, table: str) -> Iterator[str]:
        for wording in wordings.get(article.pk, ()):
            yield from ("", f"[[{table}.version]]", f"number = {wording.number}")
            yield f"made_by = {quoted(names[wording.made_by])}"
            yield f"made_at = {_moment(wording.made_at)}"
            yield from text_lines(wording)
            yield f'body = """\n{many(wording.body)}\n"""'
        for note in notes.get(article.pk, ()):
            yield from ("", f"[[{table}.step]]", f"what = {quoted(note.what)}")
            if note.version is not None:
                yield f"version = {note.version.number}"
            yield from (f"by = {quoted(names[note.by])}", f"at = {_moment(note.at)}")
            if note.remark:
                yield f"remark = {quoted(note.remark)}"

    return past


def _moment(at: datetime) -> str:
    return words.local(at).isoformat(timespec="seconds")
