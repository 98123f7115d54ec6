"""The pages of this desk: which there are, and what stands around each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse

from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit
from jieban.kernel.i18n import Later, later
from jieban.kernel.typography import fullwidth_pattern
from jieban.people.models import CityChange


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of the desk: its address below the desk's, and what the row of parts calls it."""

    id: str
    name: Later

    @property
    def path(self) -> str:
        """Where it is found."""
        return f"/desk/administration/{self.id}"


_CHANGES = "city/"
PARTS = (
    Part(id="", name=later("人员")),
    Part(id="changes/", name=later("人员变更")),
    Part(id="units/", name=later("单位")),
    Part(id="streets/", name=later("街道乡镇")),
    Part(id="topics/", name=later("分类")),
    Part(id="doors/", name=later("类型与渠道")),
    Part(id="deadlines/", name=later("时限")),
    Part(id="calendar/", name=later("日历")),
    Part(id="templates/", name=later("模板与规程")),
    Part(id="reports/", name=later("报告与口径")),
    Part(id=_CHANGES, name=later("配置变更")),
    Part(id="profile/", name=later("配置文件")),
)


def sheet(
    visit: Visit, part: str, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page of the part of this id; the part of changes says how many wait for a second administrator."""
    waiting = CityChange.objects.filter(decisions__isnull=True).count()
    around = {
        "parts_of_desk": PARTS,
        "counts": {_CHANGES: waiting},
        "wide": fullwidth_pattern,
        "part": part,
        **context,
    }
    return page(visit, f"administration/{template}.html", around, status=status)
