"""The fields that acts' forms are made of: the profile's lists as choices, texts with the length that orders take."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from jieban.desks.shell.words import local
from jieban.kernel.i18n import listed, tr, tr_later
from jieban.orders.checks import MOST_CHARACTERS
from jieban.orders.numbers import typed_number
from jieban.people.city import city
from jieban.people.models import Post
from jieban.people.roles import ROLE_NAMES, Role
from jieban.profile.model import Label, Named, Urgency

Choices = list[tuple[str, str]]


def text(name: str, *, required: bool = True, rows: int = 3, hint: str = "") -> forms.CharField:
    """Words in several lines."""
    return forms.CharField(
        label=name,
        required=required,
        max_length=MOST_CHARACTERS,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class OrderNumber(forms.CharField):
    """An order's number, also as it is read out: in groups, in small letters. One from elsewhere stays as it is."""

    def __init__(self, name: str) -> None:
        """`name` is what it is called."""
        super().__init__(label=name, max_length=64)

    def clean(self, value: object) -> str:
        """The number as the order has it."""
        given = str(super().clean(value))
        number, fault = typed_number(given)
        return given if fault is not None else number


def yes(name: str, *, hint: str = "") -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=name, required=False, help_text=hint)


def choice(name: str, choices: Choices, *, required: bool = True, hint: str = "") -> forms.ChoiceField:
    """One of a list; a list that may be left open begins with an empty line."""
    shown = choices if required and len(choices) == 1 else [("", tr("请选择")), *choices]
    return forms.ChoiceField(label=name, required=required, choices=shown, help_text=hint)


def several(name: str, choices: Choices, *, required: bool = False) -> forms.MultipleChoiceField:
    """Any of a list."""
    return forms.MultipleChoiceField(
        label=name,
        required=required,
        choices=choices,
        widget=forms.SelectMultiple(attrs={"size": max(2, min(8, len(choices)))}),
    )


def verdict(name: str, yes_said: str, no_said: str) -> forms.TypedChoiceField:
    """Yes or no, neither chosen beforehand."""
    return forms.TypedChoiceField(
        label=name,
        choices=[("yes", yes_said), ("no", no_said)],
        coerce=lambda given: given == "yes",
        widget=forms.RadioSelect,
    )


def days(most: int) -> forms.IntegerField:
    """A number of working days."""
    return forms.IntegerField(
        label=tr("延长的工作日"), min_value=1, max_value=most, help_text=tr("最多 {n} 个工作日。", n=most)
    )


def labels(given: Iterable[Label]) -> Choices:
    """Labels as choices."""
    return [(each.code, each.name) for each in given]


def named(given: Iterable[Named]) -> Choices:
    """Named things of the profile as choices."""
    return [(each.code, each.name) for each in given]


def units(now: datetime) -> Choices:
    """The units of the day."""
    return named(city().units.valid_on(local(now).date()))


class UnitSelect(forms.Select):
    """Units to choose from; each also answers to its short name and its aliases where one types into the field."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Django makes it, with the unit's other names."""
        return _with_names(super().create_option(*args, **kwargs))


class UnitsSelect(forms.SelectMultiple):
    """As UnitSelect, for several."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Django makes it, with the unit's other names."""
        return _with_names(super().create_option(*args, **kwargs))


def _with_names(option: dict[str, Any]) -> dict[str, Any]:
    units = city().units
    if option["value"] in units:
        unit = units[option["value"]]
        option["attrs"]["data-names"] = "|".join((unit.short_name, *unit.aliases))
    return option


def unit(
    name: str, now: datetime, *, required: bool = True, suggested: Choices | None = None
) -> forms.ChoiceField:
    """One unit of the day; the suggested ones first."""
    first: list[Any] = [("", tr("请选择"))]
    return forms.ChoiceField(
        label=name,
        required=required,
        choices=first + _grouped(units(now), suggested or []),
        widget=UnitSelect(attrs={"data-choose": tr("输入单位名称、简称或别名")}),
    )


def several_units(name: str, now: datetime) -> forms.MultipleChoiceField:
    """Any units of the day."""
    widget = UnitsSelect(attrs={"size": 8, "data-choose": tr("输入单位名称、简称或别名,可选多个")})
    return forms.MultipleChoiceField(label=name, required=False, choices=units(now), widget=widget)


def _grouped(every: Choices, suggested: Choices) -> list[Any]:
    if not suggested:
        return list(every)
    away = {code for code, _ in suggested}
    rest = [(code, name) for code, name in every if code not in away]
    return [(tr("近期办过同类诉求"), suggested), (tr("全部单位"), rest)]


def people_of(unit: str, now: datetime) -> Choices:
    """Accounts that have a post in a unit, or in the one that carries on its work, on the day, by their names."""
    profile, day = city(), local(now).date()
    units = {unit, profile.units.carried_on_by(unit, day)} if unit in profile.units else {unit}
    held = Post.objects.valid_on(day).filter(unit__in=units, account__is_active=True)
    found = held.values_list("account", "account__display_name", "role").order_by("account__display_name")
    roles: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for account, name, role in found:
        names[account] = name
        roles.setdefault(account, []).append(tr_later(ROLE_NAMES[Role(role)]))
    return [(str(account), f"{name}（{listed(roles[account])}）") for account, name in names.items()]


def urgencies() -> Choices:
    """How urgent a request can be."""
    known = {each.code: each.name for each in city().labels.get("urgency", ())}
    return [(each.value, known.get(each.value, each.value)) for each in Urgency]
