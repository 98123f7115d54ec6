"""A period's report as files: figures computed, documents built in each edition, drawn in each form."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jieban.indicators.compute import Computation, compute
from jieban.indicators.engines import EngineName
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, indicator
from jieban.indicators.sources import Source
from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.profile.city import Profile
from jieban.report.build.assemble import build_report
from jieban.report.checks.model import Check
from jieban.report.details import Intake
from jieban.report.document import Edition, plain
from jieban.report.edited import Edited, write_wording
from jieban.report.query import read_details
from jieban.report.render import render_all
from jieban.report.render.common import write_whole
from jieban.report.rewording import BadWording, Sentence


class EmptyPeriod(JiebanError):
    """A period in which the ledger has no order at all: a report of nothing would mislead."""

    code = "report.empty_period"
    exit_code = Exit.BAD_LEDGER


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What to make: forms (see `render.FORMATS`), editions, and what the report is given from outside.

    `issued` is printed as 发布日期 (None: the profile's for that period, else the data cut-off); `cutoff` is the
    instant up to which the data is taken to be known (None: the latest one recorded). `note` stands before everything
    else, e.g. what a corrected report corrects.
    """

    forms: tuple[str, ...]
    editions: tuple[Edition, ...]
    issued: datetime | None = None
    cutoff: datetime | None = None
    demo: bool = False
    edited: Edited | None = None
    note: str = ""
    engine: EngineName = "duckdb"
    engine_url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What was made: the files in order, the checks of the fullest edition, the body's sentences of all editions."""

    files: tuple[Path, ...]
    checks: tuple[Check, ...]
    figures: Computation
    sentences: tuple[Sentence, ...]


def publish(
    source: Source,
    profile: Profile,
    period: Period,
    directory: Path,
    wanted: Wanted,
    *,
    intake: Sequence[Intake] = (),
) -> Published:
    """Make the report of `period` in `directory`, its files named by city, period and edition.

    Beside the documents: the draft of the recommendations, the words to edit, every figure, and the checks, for
    people and programs.
    Raises EmptyPeriod, and what computing, building and rendering raise.
    """
    figures = compute(
        source, profile, period, cutoff=wanted.cutoff, engine=wanted.engine, url=wanted.engine_url
    )
    orders = "orders.received" if figures.has("orders.received") else "orders.total"
    if not figures.get(orders).numerator:
        raise EmptyPeriod(
            tr("台账中没有 {period} 的工单。", period=period.label), fix=tr("请核对 --period 和台账文件。")
        )
    issued = wanted.issued or _issued(profile, period, figures.cutoff)
    details = read_details(source, figures, intake=intake)
    definitions = {name: indicator(name, profile).definition for name in REGISTRY}
    stem = f"{profile.name}-{period.code}"
    files: list[Path] = []
    checks: tuple[Check, ...] = ()
    sentences: list[Sentence] = []
    for edition in wanted.editions:
        report = build_report(
            figures,
            profile,
            period,
            edition=edition,
            cutoff=figures.cutoff,
            issued=issued,
            details=details,
            demo=wanted.demo or details.demo,
            edited=wanted.edited,
            note=wanted.note,
        )
        named = f"{stem}-{edition.value}"
        files += render_all(report.document, wanted.forms, directory, named, definitions=definitions)
        sentences += report.sentences
        if len(report.checks) >= len(checks):
            checks = report.checks
        if wanted.edited is None or wanted.edited.text is None:
            files.append(_write(directory / f"{stem}-recommendations.md", report.draft))
    _check_met(wanted.edited, sentences)
    in_order = _in_order(profile, sentences)
    if wanted.edited is None or not wanted.edited.file:
        # What somebody has before them to edit is never written over.
        words = write_wording(profile.name, period, in_order, wanted.edited)
        files.append(_write(directory / f"{stem}-wording.toml", words))
    files.append(_write(directory / f"{stem}-figures.json", _json(list(_figures(figures)))))
    files.append(_write(directory / f"{stem}-checks.json", _json([check_as_dict(check) for check in checks])))
    return Published(
        files=tuple(dict.fromkeys(files)),
        checks=checks,
        figures=figures,
        sentences=in_order,
    )


def _check_met(edited: Edited | None, sentences: Sequence[Sentence]) -> None:
    """Every wording was for a sentence of one of the editions. Raises BadWording."""
    there = {(one.section, one.text) for one in sentences}
    for one in edited.sentences if edited is not None else ():
        if (one.section, one.was) not in there:
            raise BadWording(
                tr("改写的这一段现在不同了:{was}", was=one.was),
                where=Where(file=edited.file) if edited is not None and edited.file else None,
                fix=tr("数据已变:请重新改写这一段。"),
            )


def _in_order(profile: Profile, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Each sentence once, those of a section together, in the order of the report's outline."""
    places = {section.id: at for at, section in enumerate(profile.outline)}
    return tuple(sorted(dict.fromkeys(sentences), key=lambda one: places[one.section]))


def check_as_dict(check: Check) -> dict[str, str]:
    """A check for programs."""
    return {
        "id": check.id,
        "title": check.title,
        "result": check.result.value,
        "detail": plain(check.detail),
        "explanation": plain(check.explanation),
    }


def _issued(profile: Profile, period: Period, cutoff: datetime) -> datetime:
    document = profile.publication.documents.get(period.code)
    if document is not None and document.published is not None:
        return document.published.replace(tzinfo=document.published.tzinfo or profile.clock.tz)
    return cutoff


def _figures(figures: Computation) -> Iterator[Mapping[str, object]]:
    for name, window, cut, value in figures.items():
        yield {
            "indicator": name,
            "window": window.value,
            "cut": dict(cut),
            "numerator": str(value.numerator),
            "denominator": value.denominator,
            "value": None if value.value is None else str(value.value),
        }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return path
