"""Texts in which whoever asked isn't named: for readers who may see what an order is about, and not whose it is.

People tell their names and numbers in what they say, whatever is asked of them besides.
"""

import re
from dataclasses import replace

from jieban.orders.models import Order
from jieban.orders.secrets import Contact, Matter
from jieban.people.actor import Actor
from jieban.people.policy import SEES_EVERY_ORDER

HIDDEN = "***"
_NUMBERS = re.compile(r"(?<![\d-])(?!\d{4}-\d{1,2}-\d{1,2}(?!\d))\d(?:[\s\-—－]?[\dXx]){6,}")
"""Telephone and identity numbers, bank cards: seven digits and more, however they are set; no dates."""
_CALLED = re.compile(r"[\u4e00-\u9fff](?=(?:先生|女士|小姐|某某|某))")
_SHORTEST = 2
"""A name of one character stands in half of all sentences."""


def keeps_person_from(actor: Actor, order: Order) -> bool:
    """Whether somebody who works on an order is not to know whose it is: the units of a confidential one."""
    return order.confidential and actor.roles.isdisjoint(SEES_EVERY_ORDER)


def long_numbers(text: str) -> list[str]:
    """The telephone and identity numbers and the like that stand in a text."""
    return [found.group() for found in _NUMBERS.finditer(text)]


def nameless(matter: Matter, contact: Contact) -> Matter:
    """A matter in which name and numbers are taken out of the words. Where it is, whoever deals with it has to know."""
    content, summary = (
        without_person(text, contact, Matter()) if text is not None else None
        for text in (matter.content, matter.summary)
    )
    return replace(matter, content=content, summary=summary)


def without_person(text: str, contact: Contact, matter: Matter) -> str:
    """A text in which whoever asked is not named: name, address and every long number are taken out."""
    for known in (contact.name, contact.phone, matter.address):
        if known is not None and len(known.strip()) >= _SHORTEST:
            text = text.replace(known.strip(), HIDDEN)
    return _CALLED.sub("某", _NUMBERS.sub(HIDDEN, text))
