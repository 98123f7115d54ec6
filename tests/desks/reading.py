"""A page as a program reads it: where it leads, what can be sent from it, and what is wrong with how it is written."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

from jieban.kernel.typography import fullwidth_pattern

_TYPED = (
    "self::input[not(@type='hidden' or @type='submit' or @type='button')] or self::select or self::textarea"
)
_ADDRESSES = (
    ("a", "href"),
    ("img", "src"),
    ("audio", "src"),
    ("video", "src"),
    ("source", "src"),
    ("iframe", "src"),
)
_READ = ("title", "placeholder", "alt", "aria-label", "hx-confirm")
_ASSETS = (("link", "href"), ("script", "src"))
_DATA = ("application/json",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """A form as it stands: what is sent if nothing is filled in, by which button."""

    method: str
    action: str
    fields: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        """Where a form that only asks leads."""
        return f"{self.action.partition('?')[0]}?{urlencode(self.fields)}"


class Reading:
    """A page of ours that came from `url`."""

    def __init__(self, url: str, content: bytes) -> None:
        self.url = url
        self._page: Any = html.document_fromstring(content.decode())

    @property
    def title(self) -> str:
        """What the window is called."""
        return str(self._page.findtext(".//title", "")).strip()

    def links(self) -> set[str]:
        """Every address that the page leads to or shows, without fragments."""
        found = {self._full(each.get(name)) for tag, name in _ADDRESSES for each in self._page.iter(tag)}
        found |= {self._full(each.get("href")) for each in self._page.xpath("//link[@rel='alternate']")}
        return {each for each in found if each}

    def pieces(self) -> set[str]:
        """Every address of which htmx asks for a piece of a page."""
        return {self._full(each.get("hx-get")) for each in self._page.xpath("//*[@hx-get]")}

    def assets(self) -> set[str]:
        """Every style sheet and script."""
        found = (
            each.get(name, "")
            for tag, name in _ASSETS
            for each in self._page.iter(tag)
            if each.get("rel") != "alternate"
        )
        return {each for each in found if each and not each.startswith("data:")}

    def forms(self) -> Iterator[Sending]:
        """Every form, once for each of its buttons."""
        for form in self._page.iter("form"):
            of = form.get("id")
            own = f"//*[@form='{of}']" if of else "//nothing"
            fields = [*form.xpath(f".//*[{_TYPED} or self::input]"), *self._page.xpath(own)]
            filled = [pair for each in fields if each.tag != "button" for pair in _value(each)]
            # Of what can be picked, the first: nothing picked leads nowhere.
            filled += [("pick", each.get("value")) for each in fields if each.get("name") == "pick"][:1]
            buttons = [each for each in form.iter("button") if each.get("type") != "button"]
            for button in buttons or [form]:
                named = (
                    [(button.get("name"), button.get("value", ""))] if button.get("name") and buttons else []
                )
                yield Sending(
                    method=form.get("method", "get").lower(),
                    action=self._full(form.get("action")) or self.url,
                    fields=(*filled, *named),
                )

    def faults(self) -> Iterator[str]:
        """What is wrong with the page itself."""
        if self._page.get("lang") != "zh-CN":
            yield "its language is not told"
        if not self.title.strip(" ·"):
            yield "it has no title"
        if (heads := len(self._page.xpath("//h1"))) != 1:
            yield f"it has {heads} headings of the first rank"
        ids = Counter(each.get("id") for each in self._page.xpath("//*[@id]"))
        yield from (f"{name!r} is the id of {n} things" for name, n in ids.items() if n > 1)
        yield from self._nameless(ids)
        yield from self._unsafe()
        yield from self._half_width()
        for hint in self._page.xpath("//*[contains(concat(' ', @class, ' '), ' hint ')][not(self::button)]"):
            said = " ".join("".join(hint.itertext()).split())
            if said and said[-1] not in "。？！…":
                yield f"a hint without its full stop: {said!r}"

    def _nameless(self, ids: Counter[Any]) -> Iterator[str]:
        for link in self._page.iter("a"):
            target, at = urlsplit(link.get("href", "")), link.get("href", "")
            if at.startswith("#") and target.fragment not in ids:
                yield f"{at} is nowhere on it"
            if not _said(link):
                yield f"a link without words: {_shown(link)}"
        yield from (
            f"a button without words: {_shown(each)}" for each in self._page.iter("button") if not _said(each)
        )
        yield from (
            f"a picture without words: {_shown(each)}"
            for each in self._page.iter("img")
            if each.get("alt") is None
        )
        for each in self._page.xpath(f"//*[{_TYPED}]"):
            if not self._labelled(each):
                yield f"a field without a label: {_shown(each)}"
        for each in self._page.xpath("//*[@aria-labelledby or @aria-describedby or @for or @aria-controls]"):
            for name in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
                yield from (
                    f"{name} names {one!r}, which is not there"
                    for one in each.get(name, "").split()
                    if one not in ids
                )

    def _half_width(self) -> Iterator[str]:
        """Chinese sentences with a mark of Latin ones."""
        for each in self._page.xpath("//body//*[not(self::script or self::style or self::textarea)]"):
            own = [each.get(name, "") for name in _READ]
            if (each.text or "").strip() or any((one.tail or "").strip() for one in each):
                own.append(" ".join("".join(each.itertext()).split()))
            yield from (f"a half-width mark in {said!r}" for said in own if fullwidth_pattern(said) != said)

    def _unsafe(self) -> Iterator[str]:
        for script in self._page.iter("script"):
            if not script.get("src") and script.get("type") not in _DATA:
                yield f"a script in the page: {_shown(script)}"
        yield from (
            f"a style in the page: {_shown(each)}" for each in self._page.xpath("//style|//*[@style]")
        )
        yield from (
            f"a script in an attribute: {_shown(each)}"
            for each in self._page.xpath("//*[@*[starts-with(name(),'on')]]")
        )
        yield from (
            f"a script in a link: {_shown(each)}"
            for each in self._page.xpath("//*[starts-with(@href,'javascript:')]")
        )
        for form in self._page.iter("form"):
            posts = form.get("method", "get").lower() == "post"
            if posts and not form.xpath(".//input[@name='csrfmiddlewaretoken' and @value!='']"):
                yield f"a form without its token: {_shown(form)}"

    def _labelled(self, one: Any) -> bool:
        if one.get("aria-label") or one.get("aria-labelledby") or one.xpath("ancestor::label"):
            return True
        return bool(one.get("id") and self._page.xpath("//label[@for=$one]", one=one.get("id")))

    def _full(self, address: str | None) -> str:
        if address is None or address.startswith(("#", "tel:", "data:")):
            return ""
        return urljoin(self.url, address).partition("#")[0]


def _said(one: Any) -> str:
    if one.get("aria-hidden") == "true" and one.get("tabindex") == "-1":
        return "is there for the machine alone"
    text = (
        one.get("aria-label")
        or "".join(one.itertext())
        or "".join(each.get("alt", "") for each in one.iter("img"))
    )
    return text.strip()


def _shown(one: Any) -> str:
    return re.sub(r"\s+", " ", html.tostring(one, encoding="unicode", with_tail=False))[:160]


def _value(one: Any) -> list[tuple[str, str]]:
    name, kind = one.get("name"), one.get("type", "text")
    if not name or one.get("disabled") is not None or kind in {"submit", "button", "file"}:
        return []
    if one.tag == "textarea":
        return [(name, one.text or "")]
    if one.tag == "select":
        chosen = one.xpath(".//option[@selected]") or (
            [] if one.get("multiple") else one.xpath(".//option[1]")
        )
        return [(name, each.get("value", each.text or "")) for each in chosen]
    if kind in {"checkbox", "radio"}:
        return [(name, one.get("value", "on"))] if one.get("checked") is not None else []
    return [(name, one.get("value", ""))]
