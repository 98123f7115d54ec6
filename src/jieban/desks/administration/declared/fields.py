"""What a form asks for, and how what is typed becomes a value of a document: declared once for all forms."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms

from jieban.kernel.i18n import tr
from jieban.kernel.typography import fullwidth, fullwidth_pattern

Choices = Sequence[tuple[str, str]]
NOTHING = ("", "—")
_LONGEST = 2000
_CODE = r"\A[a-z0-9]+(?:[-_][a-z0-9]+)*\Z"
_DECIMAL = r"\A-?[0-9]+(?:\.[0-9]+)?\Z"
_LONGEST_CODE = 40
"""A rule's code gets a day behind it and its level before it, and has room in a column of 64 then."""


class Kind(StrEnum):
    """What kind of value a field has."""

    TEXT = "text"
    CODE = "code"
    LONG = "long"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    ONE = "one"
    MANY = "many"
    LINES = "lines"
    PAIRS = "pairs"
    DECIMAL = "decimal"
    SWITCH = "switch"
    PHRASE = "phrase"


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
_PROSE = frozenset({Kind.LONG, Kind.PHRASE})
_ROWS = {Kind.LONG: 2, Kind.LINES: 4, Kind.PAIRS: 4, Kind.PHRASE: 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field: its key in the document (and in the form), what it is called, and which values it takes.

    `choices` are asked for when the form is made. A value that isn't required and left empty is absent, unless it is
    `always` written: then it is "" or an empty list. In a list's cell it is "" anyhow. `absent` is what holds where the
    document says nothing: it isn't written then. `said_as` is the key by which its values are put in words, where its
    own means something else elsewhere.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    required: bool = False
    choices: Callable[[], Choices] | None = None
    least: int = 0
    most: int = 99_999
    always: bool = False
    absent: object = None
    said_as: str = ""

    @property
    def prose(self) -> bool:
        """Whether it holds sentences, which are shown with their marks full-width."""
        return self.kind in _PROSE

    def made(self) -> forms.Field:
        """The field of a form."""
        common: dict[str, Any] = {"label": self.label, "help_text": self.hint, "required": self.required}
        match self.kind:
            case Kind.ONE | Kind.MANY | Kind.SWITCH:
                return self._chosen(common)
            case Kind.NUMBER:
                return forms.IntegerField(min_value=self.least, max_value=self.most, **common)
            case Kind.FLAG:
                return forms.BooleanField(**{**common, "required": False})
            case Kind.DAY:
                day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
                return forms.DateField(widget=day, validators=[_a_day_of_ours], **common)
        return self._typed(common)

    def _chosen(self, common: dict[str, Any]) -> forms.Field:
        # Names that stand in files have the marks of typists.
        choices = [
            (code, fullwidth(name)) for code, name in (self.choices() if self.choices is not None else ())
        ]
        if self.kind is Kind.MANY:
            boxes = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=choices, widget=boxes, **common)
        if self.kind is Kind.SWITCH:
            choices = [("yes", tr("是")), ("no", tr("否"))]
        return forms.ChoiceField(choices=choices if self.required else [NOTHING, *choices], **common)

    def _typed(self, common: dict[str, Any]) -> forms.Field:
        line = forms.TextInput(attrs={"autocomplete": "off"})
        match self.kind:
            case Kind.CODE:
                line = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
                wrong = {"invalid": tr("请用小写英文字母、数字和连字符。")}
                return forms.RegexField(
                    _CODE, max_length=_LONGEST_CODE, widget=line, error_messages=wrong, **common
                )
            case Kind.DECIMAL:
                wrong = {"invalid": tr("请填小数或整数,如 0.6。")}
                line = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"})
                return forms.RegexField(_DECIMAL, widget=line, error_messages=wrong, **common)
            case Kind.LONG | Kind.LINES | Kind.PAIRS | Kind.PHRASE:
                area = forms.Textarea(attrs={"rows": _ROWS[self.kind]})
                strip = self.kind is not Kind.PHRASE
                return forms.CharField(max_length=_LONGEST, widget=area, strip=strip, **common)
        return forms.CharField(max_length=_LONGEST, widget=line, **common)

    def shown(self, value: object) -> object:
        """A document's value as the form shows it."""
        value = self.absent if value is None else value
        match self.kind:
            case Kind.SWITCH if isinstance(value, bool):
                return "yes" if value else "no"
            case Kind.LINES if isinstance(value, Iterable) and not isinstance(value, str):
                return "\n".join(str(each) for each in value)
            case Kind.PAIRS if isinstance(value, Iterable):
                return "\n".join(f"{each['code']} {each['name']}" for each in value)
            case Kind.MANY if isinstance(value, Iterable):
                return [str(each) for each in value]
        return value

    def value(self, said: Any) -> object:  # noqa: PLR0911  # one return a kind
        """What was typed as the document holds it; None where nothing was."""
        match self.kind:
            case Kind.FLAG:
                return bool(said)
            case Kind.SWITCH:
                return {"yes": True, "no": False}.get(said)
            case Kind.PHRASE:
                return said.replace("\r\n", "\n")
            case Kind.DECIMAL:
                return said or None
            case Kind.MANY:
                return list(said) if said or self.always else None
            case Kind.LINES:
                lines = [line.strip() for line in said.splitlines() if line.strip()]
                return lines if lines or self.always else None
            case Kind.PAIRS:
                return [_pair(line) for line in said.splitlines() if line.strip()] or None
            case Kind.TEXT | Kind.CODE | Kind.LONG | Kind.ONE:
                return " ".join(said.split()) or ("" if self.always else None)
        return said

    def cell(self, said: Any) -> str:
        """What was typed as a list's cell."""
        match self.value(said):
            case None | False:
                return ""
            case True:
                return "1"
            case date() as day:
                return day.isoformat()
            case [*parts]:
                return "|".join(str(each) for each in parts)
            case value:
                return str(value)

    def of_cell(self, cell: str) -> object:
        """A list's cell as the form shows it."""
        match self.kind:
            case Kind.FLAG:
                return cell in {"1", "true", "是"}
            case Kind.LINES:
                return "\n".join(part.strip() for part in cell.split("|")) if cell else ""
            case Kind.DAY:
                return cell or None
        return cell


class EditForm(forms.Form):
    """A form made of declared fields, with the reason and, where what is edited has no days itself, the first day."""

    def __init__(
        self,
        fields: Sequence[Field],
        given: Mapping[str, Any] | None = None,
        *,
        dated: bool,
        today: date,
        initial: Mapping[str, object],
    ) -> None:
        self._filed = dict(initial)
        # Sentences that stand in files have the marks of typists, too.
        prose = {
            each.key: fullwidth_pattern(str(self._filed.get(each.key) or "")) for each in fields if each.prose
        }
        super().__init__(given, initial={**self._filed, **prose})
        self.today = today
        self.declared = tuple(fields)
        for field in fields:
            self.fields[field.key] = field.made()
        if dated:
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": today.isoformat()})
            self.fields["first_day"] = forms.DateField(
                label=tr("自哪一天起"), widget=widget, initial=today, help_text=tr("含当日,不早于今天。")
            )
        self.fields["why"] = forms.CharField(
            label=tr("依据"),
            max_length=_LONGEST,
            help_text=tr("文号、通知或会议,写进变更记录。"),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def clean_first_day(self) -> date:
        """Nothing holds from a day that is over."""
        day: date = self.cleaned_data["first_day"]
        if day < self.today:
            raise forms.ValidationError(tr("不能早于今天。"))
        return day

    @property
    def first_day(self) -> date:
        """From which day what is said holds."""
        day: date = self.cleaned_data.get("first_day", self.today)
        return day

    def values(self) -> Mapping[str, object]:
        """The declared fields' values as a document holds them."""
        return {field.key: self._value(field) for field in self.declared}

    def _value(self, field: Field) -> object:
        """What was typed; a sentence that was left as it was shown stays as it is filed."""
        said, filed = field.value(self.cleaned_data[field.key]), self._filed.get(field.key)
        if field.prose and isinstance(filed, str) and said == field.value(fullwidth_pattern(filed)):
            return filed
        return said

    def cells(self) -> dict[str, str]:
        """The declared fields' values as cells."""
        return {field.key: field.cell(self.cleaned_data[field.key]) for field in self.declared}


def _a_day_of_ours(day: date) -> None:
    """The day before and the day after have to be days, too."""
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise forms.ValidationError(
            tr("请填 {first} 到 {last} 之间的日期。", first=_FIRST_DAY, last=_LAST_DAY)
        )


def code_field(key: str = "code") -> Field:
    """The code of something new."""
    return Field(
        key=key,
        label=tr("代码"),
        kind=Kind.CODE,
        required=True,
        hint=tr("小写字母、数字和连字符;写进台账和工单,以后不能改。"),
    )


def aliases_field() -> Field:
    """Every other way in which something is written."""
    return Field(
        key="aliases",
        label=tr("其他写法"),
        kind=Kind.LINES,
        hint=tr("每行一个。台账里整格这样写的,都认作它。"),
    )


def _pair(line: str) -> dict[str, str]:
    code, _, name = line.strip().partition(" ")
    return {"code": code, "name": name.strip() or code}
