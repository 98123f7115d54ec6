"""Articles for citizens: the public ones that hold, to be looked through, and offered to whoever writes of the like."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.citizen.guess import guessed_topic
from jieban.desks.citizen.limits import LOOK_BY_ADDRESS, address_of, take
from jieban.desks.citizen.pages import open_page
from jieban.desks.knowledge.articles.find import MOST_LETTERS, Asked, alike, found, words_of
from jieban.desks.knowledge.articles.text import excerpt, marked
from jieban.desks.knowledge.pages.lists import unit_name
from jieban.desks.knowledge.pages.page import shown
from jieban.desks.shell.moment import now
from jieban.desks.shell.pages import page_number, public_page
from jieban.desks.shell.words import local
from jieban.orders.texts import storable
from jieban.people.city import city

PAGE = 20
MOST_LIKE = 3
TOO_MANY = 429
_LEAST_SAID = 4


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What citizens may read, what is used most first; or what has the words that are sought."""
    typed, number, at = request.GET.get("q", "").strip()[:MOST_LETTERS], page_number(request), now()
    sought = words_of(typed)
    there = found(Asked(words=sought, public=True), local(at).date())
    rows = list(there[(number - 1) * PAGE : number * PAGE + 1])
    if not rows and number > 1:
        raise Http404
    guides = [
        (each.pk, marked(holding.title, sought), excerpt(holding.body, sought), unit_name(each.unit, at))
        for each in rows[:PAGE]
        if (holding := each.published) is not None
    ]
    context = {"guides": guides, "typed": typed, "number": number, "more": len(rows) > PAGE}
    return open_page(request, "guides", context)


@require_safe
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. 404 for what isn't public, or doesn't hold any more."""
    at = now()
    there = found(Asked(public=True), local(at).date())
    article = there.select_related("published__article").filter(pk=pk).first()
    if article is None or article.published is None:
        raise Http404
    return open_page(request, "guide", {"guide": shown(article.published, at)})


@require_POST
def like(request: HttpRequest) -> HttpResponse:
    """A piece of a page: what there is on words that somebody is writing. They come in the body, and are not kept.

    Nothing, with 429, for an address that asks too often: what is written can be sent all the same.
    """
    said, at = request.POST.get("content", ""), now()
    if not take(LOOK_BY_ADDRESS, address_of(request), at):
        return HttpResponse(status=TOO_MANY)
    guessed = None
    asks = storable(said) and len(said.strip()) >= _LEAST_SAID
    if asks:
        guessed = guessed_topic(city().order_scheme, said, at)
    topics = () if guessed is None else ("/".join(each for each in guessed if each),)
    guides = alike(said, topics, local(at).date(), most=MOST_LIKE, public=True) if asks else ()
    answer = public_page(request, "citizen/guides_like.html", {"guides": guides})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


urlpatterns = [
    path("", listed, name="guides"),
    path("like/", like, name="guides-like"),
    path("<int:pk>/", guide, name="guide"),
]
