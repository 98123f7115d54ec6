"""Answering a call from the knowledge base."""

from datetime import datetime

from django.http import QueryDict

from jieban.desks.intake.form import CallForm, Course
from jieban.desks.knowledge.articles.citing import check_holding, keys_of
from jieban.desks.knowledge.articles.text import plain
from jieban.desks.knowledge.models import Article
from jieban.desks.shell.words import local
from jieban.orders.models import OrderSecret
from jieban.orders.secrets import Delivery, delivery_indexes
from jieban.people.keys import keyring

CITE = "cite:"
"""How a button asks for an article's text in the answer, where no script does it."""


def cited(given: QueryDict, step: str) -> QueryDict:
    """The form with a version's text in its answer, which now cites it. One that doesn't hold changes nothing."""
    keys = keys_of(step.removeprefix(CITE))
    article = Article.objects.filter(published__in=keys).select_related("published").first()
    changed = given.copy()
    if article is None or article.published is None:
        return changed
    text, said = plain(article.published.body), changed.get("answer", "").rstrip()
    changed["course"] = Course.ANSWER.value
    changed["answer"] = said if text in said else "\n".join(each for each in (said, text) if each)
    changed["cites"] = ",".join(map(str, keys_of(f"{changed.get('cites', '')},{keys[0]}")))
    return changed


def check_cited(form: CallForm, now: datetime) -> None:
    """Raises NotHolding where the answer cites what doesn't hold any more, unless it was recorded already."""
    if form.cleaned_data["course"] != Course.ANSWER or not form.cites:
        return
    request = form.request()
    if request.channel_ref is not None:
        delivery = Delivery(channel=request.channel, ref=request.channel_ref)
        if OrderSecret.objects.filter(delivery_index__in=delivery_indexes(delivery, keyring())).exists():
            return
    check_holding(form.cites, local(now).date())
