"""The words of `jieban order clock`: a clock's arithmetic, a line a day or a stretch."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from jieban.kernel.i18n import tr
from jieban.site.cli.columns import aligned

if TYPE_CHECKING:
    from jieban.orders.explain import Account, Line, Part
    from jieban.profile.city import Profile


def account_lines(account: "Account", profile: "Profile") -> list[str]:
    """The clock's title, each change with its counting and the deadline so far, and how it compares."""
    lines = [clock_title(account, profile)]
    for part in account.parts:
        lines += _part(part, profile)
    return [*lines, *_outcome(account, profile)]


def clock_title(account: "Account", profile: "Profile") -> str:
    """Whose deadline it is, for what, and in which round."""
    stages = {"sign": tr("签收时限"), "close": tr("办结时限")}
    whose = tr("工单")
    if account.unit is not None:
        unit = profile.units.get(account.unit)
        name = unit.short_name if unit is not None else account.unit
        whose = tr("承办 {serial} {unit}", serial=account.handling, unit=name)
    again = tr("(第 {n} 次重新办理)", n=account.round) if account.round else ""
    return f"■ {whose} · {stages[account.stage]}{again}"


def _part(part: "Part", profile: "Profile") -> list[str]:
    lines = [f"  {instant(part.at, profile)}  {part.what}"]
    if part.rule is not None:
        source = part.source or tr("配置中已没有这条规则")
        lines.append("    " + tr("规则 {rule}:{source}", rule=part.rule, source=source))
    lines += [f"    {note}" for note in part.notes]
    lines += aligned((_line(each) for each in part.lines), indent="      ")
    if part.due is None:
        lines.append("    " + tr("→ 期限待定:日历还没有所需年份"))
    else:
        lines.append("    " + tr("→ 期限 {due}", due=instant(part.due, profile)))
    return lines


def _line(line: "Line") -> tuple[str, ...]:
    span = ""
    if line.begins is not None and line.ends is not None:
        last = f"{line.ends:%H:%M}" if line.ends.date() == line.day else f"{line.ends:%Y-%m-%d %H:%M}"
        span = f"{line.begins:%H:%M}–{last}"
    counted = tr("累计 {total}", total=line.total) if line.total is not None else ""
    return day_of(line.day), span, line.what, counted


def _outcome(account: "Account", profile: "Profile") -> list[str]:
    stored = tr("存储的期限 {due}", due=instant(account.due, profile))
    if account.equal and account.provisional:
        verdict = tr("暂定,待日历")
    elif account.equal:
        verdict = tr("与重算一致") if account.made_under is None else tr("与按当时的配置重算一致")
    elif account.provisional:
        verdict = tr("暂定;日历已有,请运行 jieban clocks run 重算")
    else:
        verdict = tr("与重算不一致(存储时的配置版本 {version})", version=(account.made_under or "")[:12])
    lines = [f"  {stored} — {verdict}"]
    if account.dropped:
        lines.append("  " + tr("不再计时"))
    elif account.stopped_at is not None:
        late = {True: tr("超期"), False: tr("按期"), None: tr("是否按期待定")}[account.late]
        done = instant(account.stopped_at, profile)
        lines.append("  " + tr("完成于 {done},{late}", done=done, late=late))
    elif account.paused_at is not None:
        since = instant(account.paused_at, profile)
        lines.append("  " + tr("自 {since} 起暂停,恢复后顺延", since=since))
    else:
        lines.append("  " + tr("正在计时"))
    return lines


def instant(at: datetime, profile: "Profile") -> str:
    """An instant on the city's clocks; seconds where there are any."""
    here = at.astimezone(profile.clock.tz)
    return f"{day_of(here)} {here:%H:%M:%S}" if here.second else f"{day_of(here)} {here:%H:%M}"


def day_of(day: date) -> str:
    """A day with its weekday."""
    names = (tr("周一"), tr("周二"), tr("周三"), tr("周四"), tr("周五"), tr("周六"), tr("周日"))
    return f"{day:%Y-%m-%d} {names[day.weekday()]}"
