"""What the studio's pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from jieban.desks.shell import words
from jieban.desks.shell.given import number_in
from jieban.desks.shell.names import names_of
from jieban.desks.shell.visit import Visit
from jieban.desks.shell.words import local
from jieban.desks.studio.acts import may_judge
from jieban.desks.studio.earlier import lines_of as doubts_of
from jieban.desks.studio.issue import issued_of
from jieban.desks.studio.make import note_of
from jieban.desks.studio.models import ENDED, Choice, Draft, Stage, Step, Version
from jieban.desks.studio.place import preview
from jieban.desks.studio.preview import checks_of, persons_named
from jieban.desks.studio.public import files_of
from jieban.desks.studio.sentences import (
    Change,
    TypedSentences,
    changes_of,
    hands_of,
    lines_of,
    sentences_in,
    unsaved,
)
from jieban.desks.studio.wording import Passage, left_out, passages_of
from jieban.desks.work.ask import standing
from jieban.desks.work.models import Job
from jieban.desks.work.rights import Right, may
from jieban.indicators.period import Period
from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.report.document import Edition

STAGE_NAMES: Mapping[Stage, Later] = {
    Stage.OPEN: later("编写中"),
    Stage.PROPOSED: later("待批准"),
    Stage.APPROVED: later("已批准"),
    Stage.PUBLISHED: later("已发布"),
    Stage.DISCARDED: later("已放弃"),
    Stage.REFROZEN: later("已重新冻结"),
}
STEP_NAMES: Mapping[str, Later] = {
    "begin": later("开始编写"),
    "carry": later("沿用文字"),
    "edit": later("修改文字"),
    "propose": later("送审"),
    "approved": later("批准"),
    "returned": later("退回修改"),
    "publish": later("交付发布"),
    "published": later("发布"),
    "withdrawn": later("撤下"),
    "discard": later("放弃"),
    "refreeze": later("重新冻结"),
}
RESULT_NAMES: Mapping[str, Later] = {
    "failed": later("不符"),
    "warning": later("注意"),
    "note": later("说明"),
    "ok": later("通过"),
}
FORM_NAMES: Mapping[str, Later] = {
    "html": later("网页"),
    "pdf": later("PDF"),
    "docx": later("Word"),
    "xlsx": later("Excel"),
    "json": later("数据(JSON)"),
}
CHOICE = "doubt-"
"""What the name of a choice about earlier words begins with; its key follows."""
_WAY = (Stage.OPEN, Stage.PROPOSED, Stage.APPROVED, Stage.PUBLISHED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A wording as it was typed: the texts of the passages of wording `base`, which of them to leave out, and more.

    `body` are the texts of the body's paragraphs, `issue` the day of publication, None for a form without it,
    `chosen` what is decided of earlier words, by their keys.
    """

    base: int
    texts: tuple[str, ...]
    out: tuple[bool, ...]
    back: tuple[int, ...]
    new: str
    new_theme: str
    issue: str | None
    chosen: Mapping[int, str]
    body: TypedSentences


@dataclass(frozen=True, kw_only=True, slots=True)
class StepLine:
    """A step of the history in words; of an edit, what it changed."""

    at: datetime
    what: str
    who: str
    edit: int | None
    remark: str
    changes: tuple[Change, ...]


def typed_of(form: QueryDict) -> Typed | None:
    """What a form of the wording holds; None for one that isn't ours."""
    ticked = ("out", "back", "sentence-out", "sentence-reset")
    numbers = [form.get("base", ""), *(each for name in ticked for each in form.getlist(name))]
    if not all(number_in(each) is not None for each in numbers):
        return None
    texts = tuple(form.getlist("text"))
    out = {int(each) for each in form.getlist("out")}
    return Typed(
        base=int(form.get("base", "")),
        texts=texts,
        out=tuple(at in out for at in range(len(texts))),
        back=tuple(int(each) for each in form.getlist("back")),
        new=form.get("new", ""),
        new_theme=form.get("new-theme", ""),
        issue=form.get("issue", "").strip() if "issue" in form else None,
        chosen={
            int(name.removeprefix(CHOICE)): choice
            for name in form
            if name.startswith(CHOICE) and number_in(name.removeprefix(CHOICE)) is not None
            for choice in form.getlist(name)
            if choice in set(Choice)
        },
        body=TypedSentences(
            texts=tuple(form.getlist("sentence")),
            out=frozenset(int(each) for each in form.getlist("sentence-out")),
            reset=frozenset(int(each) for each in form.getlist("sentence-reset")),
        ),
    )


def list_page(visit: Visit) -> dict[str, object]:
    """The reports in the making and the published ones."""
    drafts = list(Draft.objects.exclude(stage__in=ENDED).order_by("-made_at"))
    versions = list(Version.objects.prefetch_related("files").order_by("-issued", "-number"))
    last: dict[str, int] = {}
    for each in versions:
        last[each.period] = max(last.get(each.period, 0), each.number)
    return {
        "drafts": [(each, Period.parse(each.period).label, _stage_name(each)) for each in drafts],
        "versions": [
            (
                each,
                Period.parse(each.period).label,
                each.number < last[each.period],
                [(edition.value, files_of(each, edition)) for edition in Edition],
            )
            for each in versions
        ],
        "names": names_of([*(each.made_by for each in drafts), *(each.approved_by for each in versions)]),
        "may_make": may(visit.actor, Right.MAKE_REPORT),
        "form_names": _said(FORM_NAMES),
    }


def draft_page(visit: Visit, row: Draft, typed: Typed | None) -> dict[str, object]:
    """A report in the making."""
    edits = list(row.edits.order_by("serial"))
    latest = edits[-1] if edits else None
    passages = passages_of(latest.text) if latest is not None else ()
    place = preview(row.pk, latest.serial) if latest is not None else None
    steps = list(row.steps.order_by("pk"))
    issued = issued_of(row, latest, visit.now)
    version = Version.objects.filter(draft=row).first()
    doubts = doubts_of(row, typed.chosen if typed is not None else {})
    names = names_of(
        [
            row.made_by,
            *(each.by for each in steps),
            *(each.by for each in doubts),
            *(by for by, _ in hands_of(edits).values()),
        ]
    )
    sentences, changes = sentences_in(row), changes_of(edits)
    stale = typed is not None and (latest is None or typed.base != latest.serial)
    checks = checks_of(place) if place is not None else None
    open_now = row.stage not in ENDED
    job = Job.PUBLISH if row.stage == Stage.APPROVED and steps[-1].what == "publish" else Job.PREVIEW
    return {
        "draft": row,
        "label": Period.parse(row.period).label,
        "stage": _stage_name(row),
        "way": _way(row, version),
        "task": standing(job, str(row.pk), visit.now) if open_now else None,
        "publishing": job is Job.PUBLISH,
        "latest": latest,
        "passages": passages,
        "doubts": doubts,
        "choice_name": CHOICE,
        "carried_on": row.carried_on.order_by("-pk").first(),
        "texts": _texts(passages, typed, latest.serial if latest is not None else None),
        "typed": typed,
        "sentences": lines_of(sentences, edits, _body_typed(typed, stale=stale, count=len(sentences))),
        "unsaved": unsaved(
            sentences, next((each for each in edits if each.serial == typed.base), None), typed.body
        )
        if typed is not None and stale
        else [],
        "names": names,
        "missing": left_out(passages_of(edits[0].text), passages) if edits else (),
        "checks": checks,
        "failed": sum(line.result == "failed" for line in checks or ()),
        "result_names": _said(RESULT_NAMES),
        "note": note_of(row, issued),
        "issued": local(issued).date(),
        "chosen": latest.issue_on if latest is not None else None,
        "persons": persons_named(place) if place is not None else "",
        "steps": [
            StepLine(
                at=each.at,
                what=tr_later(STEP_NAMES[each.what]),
                who=names.get(each.by, words.actor(each.by, None)),
                edit=each.edit,
                remark=each.remark,
                changes=changes.get(each.edit, ()) if each.what == "edit" and each.edit is not None else (),
            )
            for each in reversed(steps)
        ],
        "sent_back": _sent_back(row, steps, names),
        "version": version,
        "may_withdraw": version is not None
        and version.withdrawn_at is None
        and may(visit.actor, Right.WITHDRAW_REPORT),
        "may_make": open_now and may(visit.actor, Right.MAKE_REPORT),
        "may_judge": row.stage == Stage.PROPOSED and may_judge(row, visit.actor),
        "may_publish": row.stage == Stage.APPROVED and may(visit.actor, Right.PUBLISH_REPORT),
    }


def _way(row: Draft, version: Version | None) -> list[tuple[str, bool]]:
    """The stages of a report, and which of them it is in; of one that ended otherwise, how it did."""
    withdrawn = version is not None and version.withdrawn_at is not None
    way = [(tr_later(STAGE_NAMES[each]), each == row.stage and not withdrawn) for each in _WAY]
    if withdrawn:
        way.append((tr("已撤下"), True))
    elif row.stage not in _WAY:
        way.append((_stage_name(row), True))
    return way


def _sent_back(row: Draft, steps: Sequence[Step], names: Mapping[str, str]) -> StepLine | None:
    """Who sent the report back and why, until it is proposed again."""
    last = next((each for each in reversed(steps) if each.what in {"propose", "returned", "approved"}), None)
    if row.stage != Stage.OPEN or last is None or last.what != "returned":
        return None
    return StepLine(
        at=last.at,
        what=tr_later(STEP_NAMES[last.what]),
        who=names.get(last.by, words.actor(last.by, None)),
        edit=last.edit,
        remark=last.remark,
        changes=(),
    )


def _texts(passages: tuple[Passage, ...], typed: Typed | None, latest: int | None) -> list[tuple[str, bool]]:
    """The passages as they are edited: as typed, where what was typed was made from the latest wording."""
    if typed is not None and typed.base == latest and len(typed.texts) == len(passages):
        return list(zip(typed.texts, typed.out, strict=True))
    return [(each.shown, False) for each in passages]


def _body_typed(typed: Typed | None, *, stale: bool, count: int) -> TypedSentences | None:
    """The body as it was typed, where it can be shown in the place of the latest wording."""
    return typed.body if typed is not None and not stale and len(typed.body.texts) == count else None


def _stage_name(row: Draft) -> str:
    return tr_later(STAGE_NAMES[Stage(row.stage)])


def _said(names: Mapping[str, Later]) -> dict[str, str]:
    return {code: tr_later(name) for code, name in names.items()}
