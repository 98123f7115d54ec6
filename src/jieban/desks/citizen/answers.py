"""The published answers."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.citizen.pages import open_page
from jieban.desks.shell import words
from jieban.desks.shell.given import number_in
from jieban.orders.published import PublishedAnswer, published_answers
from jieban.people.city import city

PAGE: Final = 10
_MOST_PAGES: Final = 1000


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
        "answers": [(each, _title(each)) for each in found[:PAGE]],
        "page": page,
        "more": len(found) > PAGE,
    }
    return open_page(request, "answers", context)


def _title(answer: PublishedAnswer) -> str:
    """What it is about: the centre's summary, else its topic."""
    box = city().mailboxes.get(answer.mailbox) if answer.mailbox is not None else None
    scheme = box.scheme if box is not None else None
    topic = words.topic(scheme, answer.topic, answer.answered_at)
    if answer.summary:
        return answer.summary
    if answer.subtopic is None:
        return topic
    return f"{topic} · {words.subtopic(scheme, answer.topic, answer.subtopic, answer.answered_at)}"
