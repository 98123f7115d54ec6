"""Whatever is typed into a declared form and passes the check comes out as files that load again equal."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieban.desks.administration.declared.fields import EditForm, Field, Kind
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.declared.listings import LISTINGS
from jieban.desks.administration.declared.table import sheets
from jieban.desks.administration.editing.things import Put, filled, kept, things, value_of, wanted
from jieban.people.city import filed
from jieban.people.city_in_force import source
from jieban.people.known import all_names
from jieban.profile.documents.changes import Change, changes_text, read_changes
from jieban.profile.documents.folding import fold
from jieban.profile.export import write_out
from jieban.profile.load import load_profile, read_profile
from jieban.report.wording import REQUIRED_WORDING

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("each_city", "city_as_filed")]
TODAY = date(2025, 4, 21)
SIGNS = st.sampled_from("甲乙丙，。“”（）·abc019 #=\"'\\[]|,;:/%-_é😀\n\t")
WORDS = st.text(SIGNS, min_size=1, max_size=12)
TRIED = settings(max_examples=15, deadline=None)


def said(field: Field) -> st.SearchStrategy[object]:  # noqa: C901, PLR0911  # one return a kind
    """What may be typed into a field."""
    choices = [code for code, _ in field.choices()] if field.choices is not None else []
    optional = [] if field.required else [""]
    match field.kind:
        case Kind.NUMBER:
            return st.integers(field.least, min(field.most, 900))
        case Kind.DECIMAL:
            return st.decimals(0, 100, places=2).map(str)
        case Kind.FLAG:
            return st.sampled_from(["on", ""])
        case Kind.SWITCH:
            return st.sampled_from(["yes", "no", ""])
        case Kind.DAY:
            return st.dates(date(2024, 1, 1), date(2026, 1, 1))
        case Kind.ONE:
            return st.sampled_from([*optional, *choices])
        case Kind.MANY:
            return st.lists(st.sampled_from(choices), unique=True) if choices else st.just([])
        case Kind.LINES:
            return st.lists(WORDS, min_size=int(field.required), max_size=3).map("\n".join)
        case Kind.PAIRS:
            pair = st.tuples(st.from_regex(r"\A[a-z]{1,5}\Z"), WORDS)
            return st.lists(pair, max_size=3).map(lambda pairs: "\n".join(" ".join(each) for each in pairs))
        case Kind.CODE:
            return st.from_regex(r"\A[a-z]{3,9}\Z")
    return WORDS


def typed(draw: st.DataObject, fields: tuple[Field, ...], shown: dict[str, object]) -> EditForm | None:
    """A form in which one to three fields say something else; None if the form itself refuses it."""
    some = draw.draw(
        st.lists(st.sampled_from(fields), min_size=1, max_size=3, unique_by=lambda each: each.key)
    )
    told = {
        key: "on" if value is True else value
        for key, value in shown.items()
        if value is not None and value is not False
    }
    form = EditForm(
        fields,
        {**told, **{each.key: draw.draw(said(each)) for each in some}, "why": "x"},
        dated=False,
        today=TODAY,
        initial=shown,
    )
    return form if form.is_valid() else None


def of_a_sheet(draw: st.DataObject) -> tuple[Change, ...]:
    ground = Ground.now()
    about = draw.draw(st.sampled_from(list(sheets().values())))
    if not about.key:
        shown = {
            each.key: each.shown(ground.value(about.document, *about.path, *each.key.split(".")))
            for each in about.fields
        }
        form = typed(draw, about.fields, shown)
        if form is None:
            return ()
        values = {(*about.path, *key.split(".")): value for key, value in form.values().items()}
        return ground.set_values(about.document, values)
    there = things(ground, about)
    code = draw.draw(st.sampled_from(list(there)))
    one = there[code]
    fields = about.fields_of(one)
    form = typed(draw, fields, {each.key: each.shown(value_of(one, each.key)) for each in fields})
    if form is None:
        return ()
    place = draw.draw(st.integers(1, len(there)))
    gone = not about.keyed and draw.draw(st.integers(0, 9)) == 0
    made = None if gone else kept(one, filled(form, fields, one), fields)
    return wanted(ground, about, Put(code=code, made=made, place=place), fields, "x").changes


def of_a_list(draw: st.DataObject) -> tuple[Change, ...]:
    ground = Ground.now()
    about = draw.draw(
        st.sampled_from([each for each in LISTINGS.values() if ground.listed(each.document).rows])
    )
    row = draw.draw(st.sampled_from(ground.listed(about.document).rows))
    days = (
        Field(key="valid_from", label="x", kind=Kind.DAY),
        Field(key="valid_to", label="x", kind=Kind.DAY),
    )
    fields = (*about.fields(), *(days if about.days else ()))
    form = typed(draw, fields, {each.key: each.of_cell(row.get(each.key, "")) for each in fields})
    return () if form is None else ground.set_row(about.document, (row["code"],), form.cells())


def of_a_phrase(draw: st.DataObject) -> tuple[Change, ...]:
    key = draw.draw(st.sampled_from(sorted(filed().wording)))
    places = draw.draw(st.permutations(sorted(REQUIRED_WORDING[key])))
    text = "".join(f"{draw.draw(WORDS)}{{{each}}}" for each in places) + draw.draw(WORDS)
    return Ground.now().set_values("wording.toml", {(key,): text})


def loads_again(changes: tuple[Change, ...], tried: Counter[str]) -> None:
    """What the check lets pass is written out, loads equal, and is no conflict with what made it."""
    stored = read_changes(changes_text(changes))
    texts = fold(source(), stored).texts
    profile, faults = read_profile(source().directory, all_names(), texts)
    tried["refused" if profile is None else "passed"] += 1
    assert (profile is None) == bool(faults)
    if profile is None:
        return
    tried[changes[0].document] += 1
    with tempfile.TemporaryDirectory() as made:
        write_out(profile, Path(made))
        again = load_profile(str(Path(made) / filed().name))
        assert again.version == profile.version
    undone = fold(source(), [*stored, *(each.undone() for each in reversed(stored))])
    assert undone.texts == {}, "and is taken back whole"


def documents() -> Iterator[str]:
    yield from {each.document for each in sheets().values()}
    yield from {each.document for each in LISTINGS.values() if Ground.now().listed(each.document).rows}


@pytest.mark.parametrize("kind", [of_a_sheet, of_a_list, of_a_phrase])
def test_what_is_accepted_loads_again_equal_from_its_files(kind: object) -> None:
    tried: Counter[str] = Counter()

    @TRIED
    @given(st.data())
    def holds(draw: st.DataObject) -> None:
        changes = kind(draw)  # type: ignore[operator]  # one of the three above
        if changes:
            loads_again(changes, tried)

    holds()
    assert tried["passed"] > 3, tried
    assert set(tried) - {"passed", "refused"} <= {*documents(), "wording.toml"}
