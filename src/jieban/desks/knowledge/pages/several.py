"""Publishing several articles at once, as somebody does who takes a whole file of them in: each as if alone."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from jieban.desks.knowledge.articles import acts
from jieban.desks.knowledge.articles.acts import latest_of
from jieban.desks.knowledge.pages.lists import BY_ID, PAGE, waiting_for, waits
from jieban.desks.shell.given import number_in
from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.shell.words import local
from jieban.kernel.errors import JiebanError


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What came of one: None where it was published, else why not."""

    article: int
    title: str
    refused: JiebanError | None


@require_POST
@at_desk("knowledge")
def publish_several(visit: Visit) -> HttpResponse:
    """Publish what was ticked (`article:version number`), one by one: what is refused keeps no other back."""
    queue, day = BY_ID["review"], local(visit.now).date()
    there = waits(queue, visit.actor, day) if queue in waiting_for(visit.actor) else ()
    waiting = {str(each.pk): each for each in there}
    done = []
    for pick in visit.request.POST.getlist("pick")[:PAGE]:
        key, _, version = pick.partition(":")
        seen = number_in(version)
        if key in waiting and seen is not None:
            article = waiting.pop(key)
            refused = None
            try:
                acts.publish(article.pk, seen=seen, remark="", actor=visit.actor, now=visit.now)
            except JiebanError as fault:
                refused = fault
            done.append(Published(article=article.pk, title=latest_of(article).title, refused=refused))
    return page(visit, "knowledge/several.html", {"done": done})
