"""The city as it is beside the city as somebody wants it."""

from dataclasses import dataclass
from datetime import date, datetime

from jieban.profile.city import Profile


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The city as it is and as it would be from a day on, and the instant at which that is asked."""

    before: Profile
    after: Profile
    first_day: date
    now: datetime
