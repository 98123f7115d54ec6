"""The city in force: the files, and what was accepted of changes to them, from the day on which each holds.

Every process finds it for itself, once, and again when somebody has decided on a change or a day has come on which one
begins. That is noticed by one statement (ADR 0019).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from jieban.kernel.i18n import tr
from jieban.people.city import city, filed, found
from jieban.people.models import CityDecision, Verdict
from jieban.people.statements import asked
from jieban.profile.city import BadProfile, Profile
from jieban.profile.documents.changes import Change, RowChange, Site, ValueChange, read_changes
from jieban.profile.documents.files import Source, locate
from jieban.profile.documents.folding import Conflict, Folded, fold
from jieban.profile.load import load_profile, read_clock_alone
from jieban.worktime import WorkClock

if TYPE_CHECKING:
    from django.db.models import QuerySet

Key = tuple[int, str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A change that was accepted: `begins` is the day from which it holds."""

    id: int
    number: int
    begins: date
    title: str
    changes: tuple[Change, ...]

    @property
    def sites(self) -> frozenset[Site]:
        """What it touches."""
        return sites_of(self.changes)


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """What a process found: the city, as of which decision, on which days (not `until`), and where files differ."""

    profile: Profile
    files: Profile
    key: Key
    since: date
    until: date
    conflicts: tuple[Conflict, ...]


_found: list[InForce] = []


def look(now: datetime) -> InForce:
    """The city in force at an instant; one statement unless something changed. Raises NoProfile and BadProfile.

    What can't be loaded, since its files were edited under the changes, is refused: neither files nor changes are
    left out in silence.
    """
    files, key = filed(), last_decision()
    today = files.clock.local_date(now)
    held = _found[0] if _found else None
    if held is None or held.files is not files or held.key != key or not held.since <= today < held.until:
        held = _load(files, key, today)
        _found[:] = [held]
    if city() is not held.profile:
        found(held.profile)
    return held


def conflicts() -> tuple[Conflict, ...]:
    """Where this process found files that contradict changes when it looked last."""
    return _found[0].conflicts if _found else ()


def last_decision() -> Key:
    """The number of the latest decision, with the version that came of it."""
    found = asked("last decision", lambda: _decisions()[:1])
    return next(((number, version) for number, version in found.rows), None)


def _decisions() -> "QuerySet[CityDecision, tuple[int, str]]":
    return CityDecision.objects.order_by("-number").values_list("number", "version")


def city_at(version: str) -> Profile | None:
    """The city as it was under a version that was ever in force, is filed, or came of an accepted change.

    None if unknown. What was deduced under it can be explained by it. Files that were edited since make older versions
    unknown. A profile is loaded for each version that is tried: at most as many as there are changes, and one.
    """
    for known in (city(), filed()):
        if known.version == version:
            return known
    changes = accepted()
    made = CityDecision.objects.filter(verdict=Verdict.ACCEPTED, version=version).order_by("number").first()
    its = next((each for each in changes if made is not None and each.number == made.number), None)
    tried = [] if its is None else [([each for each in changes if each.number <= its.number], its.begins)]
    # No decision tells what came of changes that were accepted in another order than that in which they began; but each
    # that was ever in force is what the first so many of them lead to, since none is withdrawn once it holds.
    tried += [(changes[:n], changes[n - 1].begins) for n in range(len(changes), 0, -1)]
    for holding, day in tried:
        try:
            profile = load_profile(source().directory, over=folded(holding, day).texts)
        except BadProfile:
            continue
        if profile.version == version:
            return profile
    return None


def days_changed_at(now: datetime) -> datetime | None:
    """When the calendar's days (not its office hours) changed last by a change that holds by now; None if never."""
    tz = filed().clock.tz
    today = now.astimezone(tz).date()
    decided = dict(CityDecision.objects.filter(verdict=Verdict.ACCEPTED).values_list("number", "at"))
    return max(
        (
            max(decided[each.number], datetime.combine(each.begins, time.min, tzinfo=tz))
            for each in accepted()
            if each.begins <= today and any(_of_days(one) for one in each.changes)
        ),
        default=None,
    )


def work_clocks_until(now: datetime) -> tuple[WorkClock, ...]:
    """By which work was counted before what holds now: the files', and one for each change of the calendar since.

    What can't be read, since files were edited since, is left out.
    """
    today = filed().clock.local_date(now)
    changes = [each for each in accepted() if each.begins <= today]
    found = [filed().clock]
    for n, each in enumerate(changes, 1):
        if any(one.document == "calendar.toml" for one in each.changes):
            clock = read_clock_alone(source(), folded(changes[:n], each.begins).texts)
            found += [clock] if clock is not None else []
    return tuple(dict.fromkeys(each for each in found if each != city().clock))


def _of_days(change: Change) -> bool:
    return (
        isinstance(change, ValueChange) and change.document == "calendar.toml" and change.path[0] != "hours"
    )


def accepted() -> list[Accepted]:
    """What was accepted and not withdrawn, in the order in which it holds."""
    tz = filed().clock.tz
    gone = set(CityDecision.objects.filter(verdict=Verdict.WITHDRAWN).values_list("change", flat=True))
    decisions = CityDecision.objects.filter(verdict=Verdict.ACCEPTED).select_related("change")
    kept = [
        Accepted(
            id=each.change_id,
            number=each.number,
            begins=max(each.change.first_day, each.at.astimezone(tz).date()),
            title=each.change.title,
            changes=read_changes(each.change.changes),
        )
        for each in decisions
        if each.change_id not in gone
    ]
    return sorted(kept, key=lambda each: (each.begins, each.number))


def source() -> Source:
    """The files of the city. Raises BadProfile for one that comes from none."""
    directory = filed().directory
    place = None if directory is None else locate(directory)
    if place is None:
        raise BadProfile(tr("城市配置不是来自一个目录。"), fix=tr("请检查 JIEBAN_PROFILE。"))
    return place


def folded(changes: Iterable[Accepted], day: date, *more: Change) -> Folded:
    """The city's texts on a day, with `more` after all that holds by then."""
    holding = [one for each in changes if each.begins <= day for one in each.changes]
    return fold(source(), [*holding, *more])


def sites_of(changes: Sequence[Change]) -> frozenset[Site]:
    """What changes touch: values, and cells of rows."""
    touched: set[Site] = set()
    for each in changes:
        if isinstance(each, RowChange):
            touched |= {(*each.site, column) for column in each.columns}
        else:
            touched.add(each.site)
    return frozenset(touched)


def _load(files: Profile, key: Key, today: date) -> InForce:
    changes = accepted() if key is not None else []
    now = folded(changes, today)
    turns = [each.begins for each in changes]
    profile = files
    if now.texts and files.directory is not None:
        profile = load_profile(files.directory, over=now.texts)
    return InForce(
        profile=profile,
        files=files,
        key=key,
        since=max((day for day in turns if day <= today), default=date.min),
        until=min((day for day in turns if day > today), default=date.max),
        conflicts=now.conflicts,
    )
