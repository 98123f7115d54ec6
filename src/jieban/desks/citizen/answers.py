"""The published answers."""

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.citizen.pages import open_page
from jieban.desks.shell import words
from jieban.desks.shell.given import number_in
from jieban.kernel.i18n import tr
from jieban.orders.published import PublishedAnswer, published_answers
from jieban.people.city import city

PAGE: Final = 10
_MOST_PAGES: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAnswer:
    """A published answer in words: `title` is the centre's summary, else the topic, which `topic` has beside a summary.

    `kind` is the type of the request or its mailbox; days are those of the city's clock; `answers` are each unit's name
    and the lines that it said.
    """

    title: str
    kind: str
    topic: str
    asked: str
    answered: str
    took: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """A page of them, the latest first."""
    page = number_in(request.GET.get("page", "1"))
    if page is None or not 0 < page <= _MOST_PAGES:
        raise Http404
    found = published_answers((page - 1) * PAGE, page * PAGE + 1)
    if not found and page > 1:
        raise Http404
    context = {
        "answers": [_shown(each) for each in found[:PAGE]],
        "page": page,
        "more": len(found) > PAGE,
    }
    return open_page(request, "answers", context)


def _shown(answer: PublishedAnswer) -> ShownAnswer:
    box = city().mailboxes.get(answer.mailbox) if answer.mailbox is not None else None
    topic = _topic(answer, box.scheme if box is not None else None)
    asked, answered = words.local(answer.asked_at).date(), words.local(answer.answered_at).date()
    # Days, since hours and minutes would tell more of who asked than of who answered.
    days = (answered - asked).days
    return ShownAnswer(
        title=answer.summary or topic,
        kind=box.name if box is not None else words.request_type(answer.request_type),
        topic=topic if answer.summary else "",
        asked=asked.isoformat(),
        answered=answered.isoformat(),
        took=tr("{n} 天后", n=days) if days > 0 else tr("当天"),
        answers=tuple(
            (
                words.unit(said.unit, answer.answered_at, short=False)
                if said.unit
                else city().publication.hotline,
                tuple(line for part in said.parts for line in part.splitlines() if line.strip()),
            )
            for said in answer.answers
        ),
    )


def _topic(answer: PublishedAnswer, scheme: str | None) -> str:
    topic = words.topic(scheme, answer.topic, answer.answered_at)
    if answer.subtopic is None:
        return topic
    return f"{topic} · {words.subtopic(scheme, answer.topic, answer.subtopic, answer.answered_at)}"
