"""What a city has ended stands in no report of a later month, and in those of its own months as before."""

from dataclasses import replace
from datetime import date
from typing import TypeVar

from hand_figures import MakeContext, Numbers, told
from hand_sections import made, table

from jieban.profile.city import Profile
from jieban.profile.model import Named, Validity
from jieban.profile.register import Register

N = TypeVar("N", bound=Named)


def without(register: Register[N], code: str, last: date) -> Register[N]:
    """The register with one that ended on a day."""
    ended = (
        replace(each, validity=Validity(last=last)) if each.code == code else each
        for each in register.values()
    )
    return Register(ended)


def test_a_type_without_orders_is_listed_while_there_is_such_a_type(
    numbers: Numbers, make_context: MakeContext, changji: Profile
) -> None:
    numbers.parts("orders.total", "request_type", complaint=3, help=1)

    def listed(last: date) -> list[str]:
        profile = replace(changji, request_types=without(changji.request_types, "praise", last))
        return [
            row[0] for row in table(made("request_types", make_context(numbers, profile=profile)), "types")
        ]

    assert "表扬" in listed(date(2025, 4, 30))
    assert "表扬" not in listed(date(2025, 4, 29))
    numbers.count("orders.total", 2, request_type="praise")
    assert "表扬" in listed(date(2025, 4, 29)), "of what was counted nothing is left out"


def test_a_mailbox_is_told_of_while_there_is_one_or_letters_came(
    numbers: Numbers, make_context: MakeContext, changji: Profile
) -> None:
    numbers.parts("letters.received", "mailbox", governor=7)

    def said(last: date) -> str:
        profile = replace(changji, mailboxes=without(changji.mailboxes, "mayor", last))
        return told(made("mailboxes", make_context(numbers, profile=profile)))

    assert "市长信箱:本月未收到来信" in said(date(2025, 4, 30))
    assert "市长信箱" not in said(date(2025, 3, 31))
    numbers.parts("letters.received", "mailbox", governor=7, mayor=1)
    assert "市长信箱" in said(date(2025, 4, 10))
