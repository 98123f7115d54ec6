"""What became of every row that was read, and why.

Rows of all sheets are numbered through: the row `gid` is a body row of one sheet. A row is the unit of acceptance:
whatever it says of an order and of its handlings is taken or rejected together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from jieban.ledger.arrow import Array, Bools, Ints, distinct, pa, pc, positions, spread
from jieban.ledger.faults import FAULT_KINDS, policy_of, position
from jieban.profile.model import Policy

ACCEPTED, REJECTED, LEFT_OUT = 0, 1, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultBatch:
    """Faults of one code in one column. `values` and `messages` hold one text a row; `column` is a canonical one."""

    code: str
    policy: Policy
    table: str
    column: str
    gids: Ints
    values: Array
    messages: Array


class RowLog:
    """The state of every row: accepted until something is wrong with it; the first verdict stays."""

    def __init__(self, policies: Mapping[str, Policy]) -> None:
        self._policies = policies
        self.status = np.zeros(0, dtype=np.uint8)
        self.rule = np.zeros(0, dtype=np.int32)
        self.rules: list[str] = []
        self.faults: list[FaultBatch] = []

    def grow(self, rows: int) -> Ints:
        """Take in `rows` new rows; their gids."""
        first = len(self.status)
        self.status = np.concatenate([self.status, np.zeros(rows, dtype=np.uint8)])
        self.rule = np.concatenate([self.rule, np.full(rows, -1, dtype=np.int32)])
        return np.arange(first, first + rows, dtype=np.int64)

    def open(self, gids: Ints) -> Bools:
        """Which of `gids` are still accepted."""
        found: Bools = self.status[gids] == ACCEPTED
        return found

    def leave_out(self, gids: Ints, rule: str) -> None:
        """Leave rows out, counted under the name of a rule."""
        if rule not in self.rules:
            self.rules.append(rule)
        fresh = gids[self.open(gids)]
        self.status[fresh] = LEFT_OUT
        self.rule[fresh] = self.rules.index(rule)

    def add(
        self,
        code: str,
        gids: Ints,
        *,
        table: str,
        column: str = "",
        values: Array | None = None,
        message: str | Callable[[str], str],
        required: bool = False,
    ) -> Policy:
        """Note faults of rows and apply the policy; which one it was. `message` may depend on the row's value."""
        policy = policy_of(code, self._policies, required=required)
        if not len(gids):
            return policy
        if values is None:
            values = pa.array([""] * len(gids), pa.string())
        words, which = distinct(pc.fill_null(values, ""))
        texts = [message if isinstance(message, str) else message(word) for word in words]
        self.faults.append(
            FaultBatch(
                code=code,
                policy=policy,
                table=table,
                column=column,
                gids=gids,
                values=values,
                messages=spread(texts, which, pa.string()),
            )
        )
        if policy is Policy.REJECT:
            self.status[gids[self.open(gids)]] = REJECTED
        elif policy is Policy.LEAVE_OUT:
            self.leave_out(gids, code)
        return policy


class Flags:
    """The faults that each row of a table carries although it was accepted, as bits in the order of FAULT_KINDS."""

    def __init__(self, rows: int) -> None:
        if len(FAULT_KINDS) > 63:  # noqa: PLR2004 - the bits of a positive int64
            raise ValueError("more fault codes than bits")
        self.bits = np.zeros(rows, dtype=np.int64)

    def set(self, code: str, rows: Bools | Ints) -> None:
        """Mark rows with a fault code."""
        self.bits[rows] |= np.int64(1) << position(code)

    def take(self, rows: Ints) -> "Flags":
        """The flags of some rows."""
        taken = Flags(0)
        taken.bits = self.bits[rows]
        return taken

    def texts(self) -> Array:
        """Codes separated by commas, null for none."""
        distinct, which = np.unique(self.bits, return_inverse=True)
        words = [
            ",".join(kind.code for index, kind in enumerate(FAULT_KINDS) if bits >> index & 1) or None
            for bits in distinct.tolist()
        ]
        texts: Array = pa.array(words, pa.string()).take(pa.array(which))
        return texts


def rows_of(mask: Bools, gids: Ints) -> tuple[Ints, Ints]:
    """The positions that a mask sets, and their gids."""
    rows = positions(mask)
    return rows, gids[rows]
