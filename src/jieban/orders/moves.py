"""The one table of allowed moves: from which states an act starts, and to which it leads."""

from collections.abc import Mapping
from dataclasses import dataclass

from jieban.orders.states import OPEN, HandlingState, OrderState
from jieban.people.acts import Act

_O = OrderState
_H = HandlingState

LIVE_ORDER = frozenset({_O.RECORDED, _O.DISPATCHED, _O.HANDLING, _O.HANDLED})
WITH_UNITS = frozenset({_O.DISPATCHED, _O.HANDLING})
ENDED = frozenset({_O.HANDLED, _O.CLOSED})
ANYWHERE = frozenset(_O)
NOT_AWAY = ANYWHERE - {_O.ARCHIVED}
_WORKING = frozenset({_H.HANDLING})


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Where an act may start. `handling` is None for acts on the whole order.

    `to` and `handling_to` are the states it leads to; None where the act leaves the state as it is, or where the
    order's follows from its handlings.
    """

    order: frozenset[OrderState]
    to: OrderState | None = None
    handling: frozenset[HandlingState] | None = None
    handling_to: HandlingState | None = None


def _handling(
    *states: HandlingState, to: HandlingState | None = None, order: frozenset[OrderState] = WITH_UNITS
) -> Move:
    return Move(order=order, handling=frozenset(states), handling_to=to)


MOVES: Mapping[Act, Move] = {
    Act.CLASSIFY: Move(order=frozenset({_O.RECORDED})),
    Act.ANSWER: Move(order=frozenset({_O.RECORDED}), to=_O.CLOSED),
    Act.REFUSE: Move(order=frozenset({_O.RECORDED}), to=_O.REFUSED),
    Act.DISPATCH: Move(order=frozenset({_O.RECORDED})),
    Act.ADD_UNIT: Move(order=WITH_UNITS),
    Act.REMOVE_UNIT: _handling(_H.AWAITING, _H.HANDLING, _H.PAUSED, to=_H.RECALLED),
    Act.RECALL: Move(order=WITH_UNITS),
    Act.SIGN: _handling(_H.AWAITING, to=_H.HANDLING),
    Act.ASSIGN: _handling(*OPEN),
    Act.ASK_RETURN: _handling(_H.AWAITING, _H.HANDLING),
    Act.DECIDE_RETURN: _handling(_H.AWAITING, _H.HANDLING, _H.PAUSED),
    Act.ASK_EXTENSION: _handling(_H.HANDLING),
    Act.DECIDE_EXTENSION: _handling(_H.HANDLING, _H.PAUSED),
    Act.PAUSE: _handling(_H.HANDLING, to=_H.PAUSED),
    Act.RESUME: _handling(_H.PAUSED, to=_H.HANDLING),
    Act.REPORT_PROGRESS: _handling(_H.HANDLING, _H.PAUSED),
    Act.REPLY: _handling(_H.HANDLING, to=_H.REPLIED),
    Act.WITHDRAW_REPLY: _handling(_H.REPLIED, to=_H.HANDLING),
    Act.ATTACH: Move(order=LIVE_ORDER | {_O.CLOSED, _O.REFUSED}),
    Act.WITHDRAW_EVIDENCE: Move(order=LIVE_ORDER | {_O.CLOSED, _O.REFUSED}),
    Act.DECLARE_UNREASONABLE: _handling(_H.HANDLING),
    Act.SIGN_AS_HEAD: _handling(_H.HANDLING, _H.PAUSED, _H.REPLIED),
    Act.DECIDE_UNREASONABLE: _handling(_H.HANDLING, _H.PAUSED),
    Act.PASS_REVIEW: _handling(_H.REPLIED, to=_H.CLOSED),
    Act.REJECT_REVIEW: _handling(_H.REPLIED, to=_H.HANDLING),
    Act.RECORD_CALLBACK: Move(order=ENDED),
    Act.CLOSE: Move(order=frozenset({_O.HANDLED}), to=_O.CLOSED),
    Act.REOPEN: Move(order=ENDED),
    Act.URGE: Move(order=frozenset({_O.RECORDED, _O.DISPATCHED, _O.HANDLING})),
    Act.SUPERVISE: Move(order=frozenset({_O.RECORDED, _O.DISPATCHED, _O.HANDLING})),
    Act.ESCALATE: Move(order=frozenset({_O.RECORDED, _O.DISPATCHED, _O.HANDLING})),
    Act.WARN: Move(order=LIVE_ORDER),
    Act.CORRECT: Move(order=NOT_AWAY),
    Act.CORRECT_CALLBACK: Move(order=NOT_AWAY),
    Act.LINK_REPEAT: Move(order=NOT_AWAY),
    Act.UNLINK_REPEAT: Move(order=NOT_AWAY),
    Act.SPLIT: Move(order=frozenset({_O.RECORDED}), to=_O.SPLIT),
    Act.MERGE: Move(order=frozenset({_O.RECORDED, _O.DISPATCHED, _O.HANDLING}), to=_O.MERGED),
    Act.ABSORB: Move(order=frozenset({_O.RECORDED, _O.DISPATCHED, _O.HANDLING})),
    Act.RELEASE: Move(order=NOT_AWAY),
    Act.UNMERGE: Move(order=frozenset({_O.MERGED})),
    Act.PUBLISH: Move(order=ENDED),
    Act.READ_CONTACT: Move(order=ANYWHERE),
    Act.RECOMPUTE_CLOCKS: Move(order=ANYWHERE),
    Act.ARCHIVE: Move(order=frozenset({_O.CLOSED, _O.REFUSED, _O.MERGED, _O.SPLIT}), to=_O.ARCHIVED),
    Act.REDACT: Move(order=frozenset({_O.CLOSED, _O.REFUSED, _O.MERGED, _O.SPLIT, _O.ARCHIVED})),
}
"""Acts that are missing here open an order (record, import) instead of moving one."""
