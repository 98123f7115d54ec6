"""What an installation needs to carry orders, looked at one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jieban.kernel.errors import JiebanError, introduced
from jieban.kernel.i18n import listed, tr
from jieban.site import live

CALENDAR_DAYS = 60
"""How far ahead the calendar should be known (ruling 11)."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What was found: which check (stable, for programs), how bad, in words, and what to do."""

    check: str
    level: Level
    said: str
    fix: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The finding for `--json`."""
        return {"check": self.check, "level": self.level.value, "said": self.said, "fix": self.fix}


def examine(now: datetime) -> Iterator[Finding]:
    """Every check, in the order in which its fault would be mended; what rests on a fault is left out."""
    steps = {
        "settings": _settings,
        "keys": _keys,
        "profile": _profile,
        "evidence": _evidence,
        "database": _database,
    }
    for name, step in steps.items():
        try:
            yield from step(now)
        except JiebanError as refused:
            said = introduced(str(refused.where), refused.what) if refused.where else refused.what
            yield Finding(check=name, level=Level.FAULT, said=said, fix=refused.fix)
            if name == "settings":
                return


def _fine(check: str, said: str) -> Finding:
    return Finding(check=check, level=Level.OK, said=said)


def _settings(_now: datetime) -> Iterator[Finding]:
    live.setup()
    from django.conf import settings  # noqa: PLC0415  # Django is wanted by the live commands only

    yield _fine("settings", tr("设置可用;数据放在 {path}。", path=settings.JIEBAN_VAR))
    if not live.has_signing_key():
        yield Finding(
            check="secret_key",
            level=Level.FAULT,
            said=tr("没有签名密钥。"),
            fix=tr("请运行 jieban live init,或设置 JIEBAN_SECRET_KEY。"),
        )


def _keys(_now: datetime) -> Iterator[Finding]:
    from jieban.people.keys import keyring  # noqa: PLC0415  # as above

    found = keyring()
    yield _fine(
        "keys", tr("密钥共 {n} 版,新内容用第 {version} 版。", n=len(found.keys), version=found.current)
    )


def _profile(now: datetime) -> Iterator[Finding]:
    from jieban.people.city import city  # noqa: PLC0415  # as above

    profile = city()
    yield _fine("profile", tr("城市配置“{title}”可用。", title=profile.title))
    today = now.astimezone(profile.clock.tz).date()
    until = profile.clock.calendar.known_until(today)
    wanted = today + timedelta(days=CALENDAR_DAYS)
    if until is None or until < wanted:
        yield Finding(
            check="calendar",
            level=Level.WARNING,
            said=tr("工作日历不知道 {year} 年。", year=today.year if until is None else wanted.year),
            fix=tr("请更新 chinesecalendar,或在配置的 calendar.toml 中写明;此前的期限只能暂定,标“待日历”。"),
        )
    else:
        yield _fine("calendar", tr("工作日历知道到 {until}。", until=until))


def _database(now: datetime) -> Iterator[Finding]:
    live.reach()
    from django.db import connection  # noqa: PLC0415  # as above

    where = connection.settings_dict["NAME"]
    yield _fine("database", tr("数据库连得上({vendor}:{name})。", vendor=connection.display_name, name=where))
    if missing := live.unapplied():
        yield Finding(
            check="migrations",
            level=Level.FAULT,
            said=tr("缺 {n} 步迁移,首先是 {first}。", n=len(missing), first=missing[0]),
            fix=tr("请运行 jieban live init。"),
        )
        return
    yield _fine("migrations", tr("表结构是本版本的。"))
    for check in _TABLES:
        yield from check(now)


def _triggers(_now: datetime) -> Iterator[Finding]:
    from django.db import connection  # noqa: PLC0415  # as above

    from jieban.orders.triggers import missing  # noqa: PLC0415

    if absent := missing(connection):
        yield Finding(
            check="triggers",
            level=Level.FAULT,
            said=tr("保护留痕的触发器缺失:{names}。", names=listed(absent)),
            fix=tr("请先查明原因并核验留痕(jieban audit verify),再运行 jieban live init 重建。"),
        )
    else:
        yield _fine("triggers", tr("保护留痕的触发器都在。"))


def _posts(now: datetime) -> Iterator[Finding]:
    from jieban.people.city import city  # noqa: PLC0415  # as above
    from jieban.people.errors import NoProfile  # noqa: PLC0415
    from jieban.people.models import Post  # noqa: PLC0415
    from jieban.profile.city import BadProfile  # noqa: PLC0415

    try:
        profile = city()
    except (NoProfile, BadProfile):
        return  # told by its own check
    today = now.astimezone(profile.clock.tz).date()
    held = Post.objects.valid_on(today).filter(account__is_active=True, unit__isnull=False)
    current = {unit.code for unit in profile.units.valid_on(today)}
    if astray := sorted(
        {
            f"{post.unit}({post.account.username})"
            for post in held.select_related("account")
            if post.unit not in current
        }
    ):
        yield Finding(
            check="posts",
            level=Level.WARNING,
            said=tr("有岗位所在的单位今天不存在:{names}。", names=listed(astray)),
            fix=tr("请用 jieban people end 和 post 改到现有单位。"),
        )


def _city(now: datetime) -> Iterator[Finding]:
    from jieban.people.city import filed  # noqa: PLC0415  # as above
    from jieban.people.city_in_force import look  # noqa: PLC0415
    from jieban.people.errors import NoProfile  # noqa: PLC0415
    from jieban.profile.city import BadProfile  # noqa: PLC0415

    try:
        filed()
    except (NoProfile, BadProfile):
        return  # told by its own check
    try:
        found = look(now)
    except BadProfile as refused:
        yield Finding(
            check="city",
            level=Level.FAULT,
            said=tr("配置文件容不下页面上的变更:{what}", what=str(refused)),
            fix=tr("请把文件改回,或改成与变更相容;变更见 jieban profile history。"),
        )
        return
    if found.conflicts:
        yield Finding(
            check="city",
            level=Level.WARNING,
            said=tr("有 {n} 处,配置文件与页面上的变更不一致,现以变更为准。", n=len(found.conflicts)),
            fix=tr("请看 jieban profile history,再改成一致。"),
        )
    else:
        yield _fine("city", tr("配置文件与页面上的变更没有矛盾。"))


def _evidence(_now: datetime) -> Iterator[Finding]:
    from jieban.orders.evidence.files import check_storage  # noqa: PLC0415  # as above

    yield _fine("evidence", tr("证据存储可用({kind})。", kind=check_storage()))


_TABLES: tuple[Callable[[datetime], Iterator[Finding]], ...] = (_triggers, _posts, _city)
