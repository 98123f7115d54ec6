"""Working days with 调休, office hours and deadline arithmetic. Pure; typed values in, aware datetimes out."""

from jieban.worktime.clock import WorkClock
from jieban.worktime.errors import BadWorktime, UnknownYear
from jieban.worktime.explain import Explanation, Step, StepKind
from jieban.worktime.hours import OfficeHours, OpenInterval, Season
from jieban.worktime.span import Basis, Pause, Span
from jieban.worktime.timeline import OpenSegment
from jieban.worktime.workcalendar import Day, DayKind, WorkCalendar

__all__ = [
    "BadWorktime",
    "Basis",
    "Day",
    "DayKind",
    "Explanation",
    "OfficeHours",
    "OpenInterval",
    "OpenSegment",
    "Pause",
    "Season",
    "Span",
    "Step",
    "StepKind",
    "UnknownYear",
    "WorkCalendar",
    "WorkClock",
]
