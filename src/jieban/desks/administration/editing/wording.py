"""The report's phrases: found by where they stand or by their words, and edited one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.administration.declared.fields import EditForm, Field, Kind
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.wanted import Wanted
from jieban.desks.administration.sheet import sheet as page_of
from jieban.desks.administration.words.reports import BUILDERS, PHRASES, common_places
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import listed, tr, tr_later
from jieban.kernel.typography import fullwidth_pattern
from jieban.people.city import city
from jieban.people.city_in_force import source
from jieban.profile.documents.folding import merged
from jieban.report.wording import COMMON, REQUIRED_WORDING

_DOCUMENT, _PART = "wording.toml", "reports/"
_PAGE = "/desk/administration/wording/"
_FIRST: Final = "opening"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """A phrase: its key, what it says, and the places of its own, other than those of all phrases."""

    key: str
    text: str
    places: str


@require_safe
@at_desk("administration")
def everything(visit: Visit) -> HttpResponse:
    """The phrases of a part of the report, or those that have some words in them."""
    wording, asked = city().wording, visit.request.GET.get("q", "").strip()
    group = visit.request.GET.get("of", _FIRST)
    groups = _groups(wording)
    if group not in groups:
        raise Http404
    keys = [key for key, text in wording.items() if asked in text or asked in key] if asked else groups[group]
    context = {
        "asked": asked,
        "common": common_places(),
        "group": "" if asked else group,
        "groups": [(each, _called(each), len(keys)) for each, keys in groups.items()],
        "rows": [Phrase(key=key, text=wording[key], places=_places(key)) for key in keys],
    }
    return page_of(visit, _PART, "wording", context)


@at_desk("administration")
def phrase(visit: Visit, key: str) -> HttpResponse:
    """One phrase."""
    if key not in city().wording:
        raise Http404
    places = _places(key)
    field = Field(
        key="text",
        label=tr("措辞"),
        kind=Kind.PHRASE,
        required=True,
        hint=tr("花括号是占位,由程序填写;不要自己写数字。")
        + (tr("这一句自己的占位:{places}。", places=places) if places else "")
        + tr("每一句都可以用:{places}。", places=common_places()),
    )
    filed = merged(source(), _DOCUMENT).get(key)

    def build(form: EditForm, ground: Ground) -> Wanted:
        return Wanted(
            title=tr("修改报告措辞 {key}", key=key),
            changes=ground.set_values(_DOCUMENT, {(key,): form.values()["text"]}),
            places={(_DOCUMENT, key): "text"},
        )

    edit = Edit(
        part=_PART,
        title=tr("报告措辞:{group}", group=_called(_group(key))),
        lead=tr("配置文件里写的是:{text}", text=fullwidth_pattern(str(filed))) if filed else "",
        fields=(field,),
        initial={"text": city().wording[key]},
        build=build,
        back=f"{_PAGE}?of={_group(key)}",
        dated=True,
    )
    return edit_page(visit, edit)


def _groups(wording: Mapping[str, str]) -> Mapping[str, list[str]]:
    """Keys by the part of the report in which they stand, its sections first."""
    found: dict[str, list[str]] = {each: [] for each in PHRASES}
    for key in wording:
        found.setdefault(_group(key), []).append(key)
    return {group: keys for group, keys in found.items() if keys}


def _group(key: str) -> str:
    return key.partition(".")[0] if "." in key else "title"


def _called(group: str) -> str:
    known = {**BUILDERS, **PHRASES}
    return tr_later(known[group]) if group in known else group


def _places(key: str) -> str:
    return listed(f"{{{each}}}" for each in sorted(REQUIRED_WORDING.get(key, frozenset()) - COMMON))
