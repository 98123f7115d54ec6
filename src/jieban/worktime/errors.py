"""What worktime refuses: years it doesn't know, and calendars or timetables that contradict themselves."""

from collections.abc import Collection

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import listed, tr


class UnknownYear(JiebanError):
    """Working days were asked of a year that neither the source nor the local data knows.

    `year` is the year asked for, `known` are the years that could have been answered.
    """

    code = "worktime.unknown_year"
    exit_code = Exit.BAD_PROFILE

    def __init__(self, year: int, known: Collection[int]) -> None:
        self.year = year
        self.known = tuple(sorted(known))
        super().__init__(
            tr("工作日历没有 {year} 年的放假调休安排(已有:{known})。", year=year, known=_runs(self.known)),
            fix=tr(
                "请在配置的 calendar.toml 中把 {year} 写入 years,并按当年放假通知在 [holidays] 写全放假日、"
                "在 [workdays] 写全调休上班日;或升级 chinesecalendar 软件包。",
                year=year,
            ),
        )


class BadWorktime(JiebanError):
    """A calendar or timetable that contradicts itself; whoever parsed it adds the place."""

    code = "worktime.bad"
    exit_code = Exit.BAD_PROFILE


def _runs(years: tuple[int, ...]) -> str:
    """`2004–2026、2028` for the years; 无 for none."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][1] == year - 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return listed(f"{a}" if a == b else f"{a}–{b}" for a, b in runs) or tr("无")
