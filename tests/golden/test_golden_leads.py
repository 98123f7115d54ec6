"""The invented city counts lead units only: its report shows its figures so, in every form, and its helpers nowhere."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from golden_published import Said, Tabled, percent
from golden_readers import docx_text, html_text, pdf_text, xlsx_rows

from jieban.demo.ledger import make_ledger
from jieban.demo.targets import DemoPlan
from jieban.indicators.period import Period
from jieban.ledger.schema import Ledger
from jieban.profile.city import Profile
from jieban.profile.load import load_profile, profile_directory
from jieban.report.document import Edition
from jieban.report.publish import Wanted, publish

CITY, PERIOD = "yunting", "2025-04"
TEXTS: Mapping[str, Callable[[Path], str]] = {"docx": docx_text, "pdf": pdf_text, "html": html_text}
LATE = {"overdue_sign": ("超期签收工单", "超期签收(件)"), "overdue_close": ("超期办结工单", "超期办结(件)")}
Figures = Mapping[str, Any]


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(CITY)


@pytest.fixture(scope="module")
def figures() -> Figures:
    text = (profile_directory(CITY) / "demo" / "figures.json").read_text(encoding="utf-8")
    found: Figures = json.loads(text)
    return found


@pytest.fixture(scope="module")
def made(profile: Profile) -> tuple[Ledger, DemoPlan]:
    return make_ledger(profile)


def write(ledger: Ledger, plan: DemoPlan, profile: Profile, directory: Path, forms: Sequence[str]) -> None:
    wanted = Wanted(forms=tuple(forms), editions=(Edition.INTERNAL,), cutoff=plan.as_of, demo=True)
    publish(ledger, profile, Period.parse(PERIOD), directory, wanted)


@pytest.fixture(scope="module")
def published(
    made: tuple[Ledger, DemoPlan], profile: Profile, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    directory = tmp_path_factory.mktemp("published")
    write(*made, profile, directory, (*TEXTS, "xlsx"))
    return directory


def sentences(figures: Figures) -> Iterator[Said]:
    totals = figures["totals"]
    yield Said("", "", f"转派工单{totals['orders']}件")
    yield Said("", "", rf"办理量合计{totals['orders']}件")
    yield Said("", "", "一件工单由几个单位承办的,只计主办单位,协办的不计")
    yield Said(
        "", "", rf"承办量{totals['orders']}件只计主办单位.*?协办的\(本期{totals['assisting']}行\)不计入"
    )
    for unit in figures["top_units"][:3]:
        way = "上升" if unit["yoy_pct"] > 0 else "下降"
        change = rf"{unit['name']}{unit['count']}件\(同比{way}{percent(unit['yoy_pct'])}%\)"
        yield Said("主办工单较多的单位依次为", "。", change)
    for group in figures["unit_groups"]:
        yield Said("办理量合计", "详见附件", f"{group['name']}{group['handlings']}件")
    for key, (label, _) in LATE.items():
        here = (rf"本月{label}{figures[key]['total']}件", "。")
        for name, count in figures[key]["by_unit"].items():
            yield Said(*here, f"{name}{count}件")


def cells(figures: Figures, profile: Profile) -> Iterator[Tabled]:
    for unit in figures["top_units"]:
        yield Tabled((unit["name"],), "办理量(件)", Decimal(unit["count"]))
        yield Tabled((unit["name"],), "同比(%)", Decimal(str(unit["yoy_pct"])))
    for group in figures["unit_groups"]:
        yield Tabled((group["name"],), "办理量(件)", Decimal(group["handlings"]), "单位类别")
    for key, (_, heading) in LATE.items():
        yield Tabled(("合计",), heading, Decimal(figures[key]["total"]))
        for name, count in figures[key]["by_unit"].items():
            unit = profile.units.find(name)
            assert unit is not None
            yield Tabled((unit.name,), heading, Decimal(count))


def unsaid(directory: Path, form: str, figures: Figures, profile: Profile) -> list[str]:
    file = directory / f"{CITY}-{PERIOD}-internal.{form}"
    if form == "xlsx":
        rows = xlsx_rows(file)
        return [str(cell) for cell in cells(figures, profile) if not cell.stands_in(rows)]
    text = TEXTS[form](file)
    return [str(said) for said in sentences(figures) if not said.stands_in(text)]


@pytest.mark.parametrize("form", [*TEXTS, "xlsx"])
def test_every_figure_of_the_invented_city_is_shown(
    published: Path, form: str, figures: Figures, profile: Profile
) -> None:
    assert unsaid(published, form, figures, profile) == []


def test_no_check_fails(published: Path) -> None:
    checks = json.loads((published / f"{CITY}-{PERIOD}-checks.json").read_text(encoding="utf-8"))
    results = {check["id"]: check["result"] for check in checks}
    assert "failed" not in results.values()
    assert results["rows.handlings"] == "ok"


def changed(ledger: Ledger, column: str, rows: Any, value: Any) -> Ledger:
    """The ledger with one column of some handlings set."""
    table = ledger.handlings
    field = table.schema.field(column)
    plain = table[column].cast(pa.string()) if pa.types.is_dictionary(field.type) else table[column]
    cells = pc.if_else(rows, value, plain).cast(field.type)
    return replace(ledger, handlings=table.set_column(table.schema.get_field_index(column), field, cells))


def test_a_helper_that_is_late_is_told_nowhere_and_a_lead_that_helps_is_missed(
    made: tuple[Ledger, DemoPlan], figures: Figures, profile: Profile, tmp_path: Path
) -> None:
    ledger, plan = made
    helping = pc.equal(ledger.handlings["role"].cast(pa.string()), "assist")
    late = pc.add(ledger.handlings["close_due_at"], pa.scalar(timedelta(hours=1), pa.duration("s")))
    write(changed(ledger, "closed_at", helping, late), plan, profile, tmp_path / "late", ["html", "xlsx"])
    for form in ("html", "xlsx"):
        assert unsaid(tmp_path / "late", form, figures, profile) == []
    begin, _ = Period.parse(PERIOD).instants(profile.clock.tz)
    rows = ledger.handlings.select(["dispatched_at", "role", "returned"]).to_pylist()
    place = next(
        number
        for number, row in enumerate(rows)
        if row["dispatched_at"] >= begin and row["role"] == "lead" and not row["returned"]
    )
    first = pa.array([number == place for number in range(len(rows))])
    write(changed(ledger, "role", first, "assist"), plan, profile, tmp_path / "less", ["html", "xlsx"])
    for form in ("html", "xlsx"):
        assert unsaid(tmp_path / "less", form, figures, profile) != []
