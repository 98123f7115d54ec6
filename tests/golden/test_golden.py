"""The report made from the demo's orders shows every published figure, in every form; one wrong order is seen."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from golden_published import sentences, table_cells
from golden_readers import docx_text, html_text, pdf_text, xlsx_rows

from jieban.demo.ledger import make_ledger
from jieban.indicators.period import Period
from jieban.ledger.schema import Ledger
from jieban.profile.city import Profile
from jieban.profile.load import load_profile, profile_directory
from jieban.report.document import Edition
from jieban.report.publish import Wanted, publish

CITY, PERIOD = "changji", "2025-04"
TEXTS: Mapping[str, Callable[[Path], str]] = {"docx": docx_text, "pdf": pdf_text, "html": html_text}
EDITIONS = (Edition.PUBLIC, Edition.INTERNAL)


@dataclass(frozen=True)
class Month:
    profile: Profile
    ledger: Ledger
    as_of: Any
    figures: Mapping[str, Any]

    def publish(self, directory: Path, forms: Sequence[str], ledger: Ledger | None = None) -> None:
        publish(
            ledger or self.ledger,
            self.profile,
            Period.parse(PERIOD),
            directory,
            Wanted(forms=tuple(forms), editions=EDITIONS, cutoff=self.as_of, demo=True),
        )

    def name_in_full(self, spelling: str) -> str:
        unit = self.profile.units.find(spelling)
        assert unit is not None
        return unit.name

    def unsaid(self, directory: Path, form: str, edition: Edition) -> list[str]:
        """The published figures that a finished file doesn't show."""
        file = directory / f"{CITY}-{PERIOD}-{edition.value}.{form}"
        if form == "xlsx":
            rows = xlsx_rows(file)
            return [
                str(cell) for cell in table_cells(self.figures, self.name_in_full) if not cell.stands_in(rows)
            ]
        text = TEXTS[form](file)
        return [str(said) for said in sentences(self.figures) if not said.stands_in(text)]


@cache
def _month() -> Month:
    profile = load_profile(CITY)
    ledger, plan = make_ledger(profile)
    figures = json.loads((profile_directory(CITY) / "demo" / "figures.json").read_text(encoding="utf-8"))
    return Month(profile, ledger, plan.as_of, figures)


@pytest.fixture(scope="module")
def month() -> Month:
    return _month()


@pytest.fixture(scope="module")
def published(month: Month, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("published")
    month.publish(directory, (*TEXTS, "xlsx"))
    return directory


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("form", [*TEXTS, "xlsx"])
def test_every_published_figure_is_read_back(
    month: Month, published: Path, form: str, edition: Edition
) -> None:
    assert month.unsaid(published, form, edition) == []


def test_the_list_of_figures_is_whole(month: Month) -> None:
    figures = month.figures
    subtopics = sum(len(topic["subtopics"]) for topic in figures["topics"])
    boxes = sum(len(topic["subtopics"]) for box in figures["mailboxes"] for topic in box["topics"])
    assert (len(figures["topics"]), subtopics) == (17, 95)
    said = len(list(sentences(figures)))
    lates = sum(1 + len(figures[key]["by_unit"]) for key in ("overdue_sign", "overdue_close", "dissatisfied"))
    # 6 totals, 5 units, 7 types, 3 groups, topics, subtopics, lates, mailboxes (3 or 4 each), their topics twice.
    assert said == 6 + 5 + 7 + 3 + 17 + subtopics + lates + 7 + 10 + boxes


CORRUPTIONS = {
    "another subtopic": ("orders", "subtopic", "house-building"),
    "another request type": ("orders", "request_type", "inquiry"),
    "dissatisfied": ("orders", "satisfaction", "dissatisfied"),
    "one order fewer": ("orders", "disposition", "merged"),
    "another unit": ("handlings", "unit", "audit"),
    "returned": ("handlings", "returned", True),
    "signed late": ("handlings", "signed_at", None),
    "a letter answered": ("letters", "disposition", "answered"),
    "a letter's topic": ("letters", "subtopic", "arrears"),
}


def _corrupted(month: Month, table: str, column: str, value: object) -> Ledger:
    """The ledger with one cell of the reported month changed."""
    rows: pa.Table = getattr(month.ledger, table)
    moment = "received_at" if table == "letters" else "dispatched_at"
    begin, end = Period.parse(PERIOD).instants(month.profile.clock.tz)
    cells = rows[column].to_pylist()
    times, subtopics = rows[moment].to_pylist(), rows.column_names
    place = next(
        index
        for index, at in enumerate(times)
        if begin <= at < end
        and cells[index] not in {value, None}
        and not ("returned" in subtopics and rows["returned"][index].as_py())
        and (column != "subtopic" or table != "orders" or rows["topic"][index].as_py() == "housing")
        and (column != "signed_at" or rows["signed_at"][index].as_py() <= rows["sign_due_at"][index].as_py())
    )
    if column == "signed_at":
        value = rows["close_due_at"][place].as_py()
    cells[place] = value
    field = rows.schema.field(column)
    changed = rows.set_column(rows.schema.get_field_index(column), field, pa.array(cells, type=field.type))
    return Ledger(**{**month.ledger.tables(), table: changed})


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_one_corrupted_row_makes_it_fail(month: Month, name: str, tmp_path: Path) -> None:
    month.publish(tmp_path, ("html", "xlsx"), _corrupted(month, *CORRUPTIONS[name]))
    for form in ("html", "xlsx"):
        assert month.unsaid(tmp_path, form, Edition.INTERNAL), f"{form} still shows every figure"


@pytest.mark.parametrize("form", TEXTS)
def test_a_corrupted_row_is_seen_in_every_form(month: Month, form: str, tmp_path: Path) -> None:
    month.publish(tmp_path, (form,), _corrupted(month, "orders", "request_type", "inquiry"))
    for edition in EDITIONS:
        assert month.unsaid(tmp_path, form, edition)
