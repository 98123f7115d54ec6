"""The profile's choices that decide what a row is counted as."""

from dataclasses import dataclass

from jieban.profile.city import Profile
from jieban.profile.model import Precedence
from jieban.profile.workflow import Counting


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """`stated_first`: the file's own deadlines go before the computed ones.

    `lead_only`: of an order that several units handle the lead's handling alone counts.
    """

    stated_first: bool
    lead_only: bool

    @classmethod
    def of(cls, profile: Profile) -> "Rules":
        """The choices of a profile."""
        return cls(
            stated_first=profile.counting.deadline_precedence is Precedence.STATED,
            lead_only=profile.workflow.co_handling.counting is Counting.LEAD_ONLY,
        )
