"""Changing the city's data: wanted by one administrator, decided on by another where it binds others, kept for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from jieban.kernel.i18n import listed, tr
from jieban.people.city import filed
from jieban.people.city_in_force import Accepted, accepted, folded, sites_of, source
from jieban.people.errors import CityMoved, CityRefused, NoSuchChange, NotYours
from jieban.people.known import all_names
from jieban.people.models import Account, CityChange, CityDecision, Post, Verdict
from jieban.people.roles import Role
from jieban.profile.city import Profile
from jieban.profile.documents.changes import Change, changes_text, read_changes
from jieban.profile.documents.faults import Fault
from jieban.profile.documents.folding import fresh
from jieban.profile.load import read_profile

BY_ONE: Final = frozenset({"units.csv", "streets.csv", "communities.csv", "topics.csv", "calendar.toml"})
"""Documents that follow what others decided (a unit renamed, a holiday announced): one administrator enters them.

Everything else says what people owe or are shown, and wants a second one.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """The city as it would be: a profile, or what is wrong with it. `texts` are the files as changed."""

    profile: Profile | None
    faults: tuple[Fault, ...]
    texts: Mapping[str, str]


def needs_second(changes: Sequence[Change]) -> bool:
    """Whether another administrator has to accept."""
    return not {each.document for each in changes} <= BY_ONE


def as_of(day: date) -> tuple[Profile, Mapping[str, str]]:
    """The city as it is planned for a day, with the texts that differ from the files. Raises CityRefused."""
    tried = _tried(accepted(), day)
    if tried.profile is None:
        raise _refused(tried.faults)
    return tried.profile, tried.texts


def trial(changes: Sequence[Change], first_day: date) -> Trial:
    """The city with these changes from a day on. Raises CityMoved."""
    holding = accepted()
    _check_fresh(changes, first_day, holding)
    return _trial(changes, first_day, holding)


def propose(
    *,
    by: Account | None,
    changes: Sequence[Change],
    title: str,
    why: str,
    first_day: date,
    now: datetime,
) -> CityChange:
    """Put a change on record, and accept it where one administrator is enough. Raises CityRefused and CityMoved."""
    if not changes:
        raise CityRefused(tr("没有任何改动。"), fix=tr("请改动后再提交。"))
    with transaction.atomic():
        last = _last()
        version = _sound(changes, first_day, now)
        change = CityChange.objects.create(
            at=now,
            by=by,
            document=changes[0].document,
            title=title,
            why=why,
            first_day=first_day,
            changes=changes_text(changes),
        )
        if not needs_second(changes):
            _decide(change, Verdict.ACCEPTED, last, by=by, now=now, version=version)
    return change


def accept(*, by: Account | None, change: CityChange, why: str = "", now: datetime) -> CityDecision:
    """Let a change hold from its day on, or at once if that has passed. Raises NotYours, CityRefused, CityMoved.

    The command line (None), which whoever runs the installation may use, stands for the second administrator too.
    """
    if by is not None and by.pk == change.by_id:
        raise NotYours(
            tr("不能审核自己提出的变更。"), fix=tr("请另一位系统管理员审核;没有别人时先新增一位。")
        )
    with transaction.atomic():
        last = _last()
        _still_open(change)
        version = _sound(read_changes(change.changes), change.first_day, now)
        return _decide(change, Verdict.ACCEPTED, last, by=by, why=why, now=now, version=version)


def accept_alone(*, number: int, why: str, now: datetime) -> CityDecision:
    """Accept on the command line what no second administrator is there to accept; the reason stands in the decision.

    Raises NoSuchChange, NotYours where somebody could accept it on the page, and what `accept` does.
    """
    change = CityChange.objects.filter(pk=number).first()
    if change is None:
        raise NoSuchChange(tr("没有第 {n} 号变更。", n=number), fix=tr("编号见 jieban profile history。"))
    if not why.strip():
        raise NotYours(tr("没有写明为什么不等第二位系统管理员。"), fix=tr("请用 --why 写明。"))
    today = filed().clock.local_date(now)
    others = Post.objects.valid_on(today).filter(role=Role.ADMINISTRATOR.value, account__is_active=True)
    names = others.exclude(account=change.by_id).values_list("account__display_name", flat=True)
    if there := sorted(set(names)):
        raise NotYours(
            tr("还有别的系统管理员可以审核:{names}。", names=listed(there)),
            fix=tr("请其在“城市配置”页审核;命令行只用于没有第二位系统管理员的时候。"),
        )
    return accept(by=None, change=change, why=why.strip(), now=now)


def refuse(*, by: Account | None, change: CityChange, why: str, now: datetime) -> CityDecision:
    """Decide that a change won't come; whoever wanted it takes it back so. Raises NotYours."""
    own = by is not None and by.pk == change.by_id
    with transaction.atomic():
        last = _last()
        _still_open(change)
        return _decide(change, Verdict.WITHDRAWN if own else Verdict.REFUSED, last, by=by, why=why, now=now)


def withdraw(*, by: Account | None, change: CityChange, why: str, now: datetime) -> CityDecision:
    """Take back what was accepted and doesn't hold yet. Raises NotYours; what holds is undone by another change."""
    with transaction.atomic():
        last = _last()
        today = filed().clock.local_date(now)
        coming = {each.id for each in accepted() if each.begins > today}
        if change.pk not in coming:
            raise NotYours(tr("这项变更已经生效或没有获准。"), fix=tr("已经生效的,请另提一项变更改回来。"))
        return _decide(change, Verdict.WITHDRAWN, last, by=by, why=why, now=now)


def check_seen(changes: Sequence[Change], seen: int) -> None:
    """Raises CityMoved if something was accepted after decision `seen` that touches what these changes touch.

    Who fills in a form sees what held when it was opened: what somebody else changed since isn't theirs to take back.
    """
    for each in accepted():
        if each.number > seen and each.sites & sites_of(changes):
            raise CityMoved(_moved(each), fix=tr("请看过现在的内容,再改一次。"))


def undo(change: CityChange) -> tuple[Change, ...]:
    """The changes that take one back."""
    return tuple(each.undone() for each in reversed(read_changes(change.changes)))


def _sound(changes: Sequence[Change], first_day: date, now: datetime) -> str:
    """The version that comes of it."""
    begins = max(first_day, filed().clock.local_date(now))
    holding = accepted()
    _check_fresh(changes, begins, holding)
    tried = _trial(changes, begins, holding)
    if tried.profile is None:
        raise _refused(tried.faults)
    return tried.profile.version


def _trial(changes: Sequence[Change], first_day: date, holding: Sequence[Accepted]) -> Trial:
    """On the first day, and on each on which something else begins: the city has to be sound on all of them."""
    first = _tried(holding, first_day, *changes)
    if first.profile is None:
        return first
    for day in sorted({each.begins for each in holding if each.begins > first_day}):
        if (later := _tried(holding, day, *changes)).profile is None:
            return later
    return first


def _tried(holding: Sequence[Accepted], day: date, *more: Change) -> Trial:
    files = source()
    texts = folded(holding, day, *more).texts
    profile, faults = read_profile(files.directory, all_names(), texts)
    if stuck := [each for each in more if not fresh(files, texts, each.undone())]:
        raise CityRefused(
            tr("{where} 写在公用的配置(_base)里,不能删去。", where=" ".join(stuck[0].site)),
            fix=tr("请改成别的值,或写明最后一日。"),
        )
    return Trial(profile=profile, faults=tuple(faults), texts=texts)


def _check_fresh(changes: Sequence[Change], day: date, holding: Sequence[Accepted]) -> None:
    touched = sites_of(changes)
    for each in holding:
        if each.begins > day and each.sites & touched:
            raise CityMoved(
                tr("“{title}”自 {day} 起也改动同一处。", title=each.title, day=each.begins),
                fix=tr("请先撤回它,或让这项变更在那一天以后生效。"),
            )
    texts = folded(holding, day).texts
    for change in changes:
        if not fresh(source(), texts, change):
            latest = next((each for each in reversed(holding) if each.sites & sites_of([change])), None)
            raise CityMoved(_moved(latest), fix=tr("请看过现在的内容,再改一次。"))


def _moved(latest: Accepted | None) -> str:
    if latest is None:
        return tr("同一处的配置文件已经改了,与您打开时不同。")
    decided = CityDecision.objects.select_related("by").get(number=latest.number)
    who = tr("命令行") if decided.by is None else decided.by.display_name
    at = decided.at.astimezone(filed().clock.tz)
    return tr(
        "您打开以后,{who}在 {at} 改了同一处(“{title}”)。", who=who, at=f"{at:%H:%M}", title=latest.title
    )


def _refused(faults: Sequence[Fault]) -> CityRefused:
    return CityRefused(
        tr("改动以后,配置有 {n} 处问题。", n=len(faults)),
        faults=faults,
        fix=" ".join(f"{each.what}{each.fix}" for each in faults[:3]),
    )


def _still_open(change: CityChange) -> None:
    if change.decisions.exists():
        raise NotYours(tr("这项变更已经有了结论。"), fix=tr("请刷新页面。"))


def _last() -> int:
    """The number of the latest decision: what is looked at after it can't have been decided on before."""
    return CityDecision.objects.aggregate(last=Max("number"))["last"] or 0


def _decide(
    change: CityChange,
    verdict: Verdict,
    last: int,
    *,
    by: Account | None,
    now: datetime,
    why: str = "",
    version: str = "",
) -> CityDecision:
    """The decision behind number `last`. Raises CityMoved where another has come behind it since."""
    try:
        with transaction.atomic():
            return CityDecision.objects.create(
                number=last + 1, change=change, verdict=verdict, at=now, by=by, why=why, version=version
            )
    except IntegrityError as beaten:
        raise CityMoved(tr("刚刚有另一项变更有了结论。"), fix=tr("请刷新页面再试。")) from beaten
