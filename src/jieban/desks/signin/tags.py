"""What the sign-in library's templates need of the desks: the rail, the banner, the city, a field as ours look."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from jieban.desks.shell import words
from jieban.desks.shell.moment import shown
from jieban.desks.shell.visit import visit_of
from jieban.desks.signin.required import owes_codes
from jieban.people.city import city

register = template.Library()


@register.simple_tag(takes_context=True)
def rail(context: Context) -> SafeString:
    """The rail of whoever is signed in."""
    request = context["request"]
    around = {"visit": visit_of(request), "city": city()}
    return SafeString(render_to_string("shell/rail.html", around, request, using="pages"))


@register.simple_tag
def hotline() -> str:
    """What the city calls its hotline."""
    return city().publication.hotline


@register.simple_tag
def short_title() -> str:
    """What the city is called in a few characters."""
    return city().short_title


@register.simple_tag
def demonstration() -> bool:
    """Whether the orders are made up."""
    return settings.JIEBAN_DEMO


@register.simple_tag(takes_context=True)
def owes_second_step(context: Context) -> bool:
    """Whether codes are required of whoever is signed in, and aren't set up."""
    visit = visit_of(context["request"])
    return visit is not None and owes_codes(visit.account, visit.actor)


@register.filter
def moment(at: datetime) -> str:
    """An instant of a sign-in, by the city's clock and the desks'."""
    return words.moment(shown(at))


@register.filter
def latest_first(sessions: Iterable[UserSession]) -> list[UserSession]:
    """Sign-ins as somebody looks for what isn't theirs: this one, then the others, the last used first."""
    return sorted(sessions, key=lambda each: (each.is_current(), each.last_seen_at), reverse=True)


@register.filter
def browser(user_agent: str) -> str:
    """A browser and its system in words that people know; what isn't known is shown as it came."""
    browsers = (
        ("MicroMessenger", "微信"),
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("360SE", "360 浏览器"),
        ("Chrome/", "Chrome 或同类"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("HarmonyOS", "鸿蒙"),
        ("Android", "安卓"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (browsers, systems)]
    return " · ".join(each for each in found if each) or user_agent[:60] or "未说明"


@register.inclusion_tag("signin/field.html")
def field(bound: BoundField, label: str, hint: str = "", *, first: bool = False) -> dict[str, object]:
    """A field with our label, its hint and what is wrong with it; `first` takes the cursor."""
    told = [f"{bound.id_for_label}_hint"] if hint else []
    told += [f"{bound.id_for_label}_wrong"] if bound.errors else []
    # Ours in place of Django's, which names a help text of the library's that stands on no page.
    attrs: dict[str, Any] = {"placeholder": False, "aria-describedby": " ".join(told) or False}
    if first:
        attrs["autofocus"] = True
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if bound.name == "code":
        attrs["inputmode"] = "numeric"
    return {"bound": bound, "label": label, "hint": hint, "widget": bound.as_widget(attrs=attrs)}
