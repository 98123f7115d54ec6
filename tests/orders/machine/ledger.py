"""The exported ledger against counts that come from events alone."""

import json
from collections import Counter
from typing import Any

from cast import row

from jieban.orders.export import export_ledger
from jieban.orders.models import Event

Rows = dict[str, dict[str, Any]]


def _fold(number: str) -> Rows:
    rows: Rows = {}
    for data in Event.objects.filter(order__number=number).order_by("seq").values_list("data", flat=True):
        told = json.loads(data)
        rows |= {entity: dict(columns) for entity, columns in told.get("added", {}).items()}
        for entity, columns in told["changes"].items():
            rows.setdefault(entity, {}).update({name: new for name, (_, new) in columns.items()})
    return rows


def _told(numbers: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number in numbers:
        rows = _fold(number)
        order = rows.pop("order")
        if order.get("mailbox"):
            counts["letters"] += 1
            counts[f"letter {_fate(order)}"] += 1
            counts["published"] += bool(order.get("published"))
            continue
        counts["orders"] += 1
        counts[f"disposition {order.get('disposition') or 'pending'}"] += 1
        counts[f"type {order['request_type']}"] += 1
        for name in ("dispatched_at", "signed_at", "closed_at"):
            counts[f"order {name}"] += order.get(name) is not None
        counts["reopened"] += order.get("round", 0)
        counts["excluded"] += bool(order.get("excluded"))
        said = _said(rows, order.get("round", 0))
        counts["resolved"] += bool(said.get("resolved"))
        counts[f"rated {said.get('satisfaction', 'not_rated')}"] += 1
        counts["repeats"] += order.get("repeat_of_id") is not None
        counts["anonymous"] += order["anonymous"]
        counts["confidential"] += order["confidential"]
        counts["called"] += sum(1 for name in rows if name.startswith("callback:"))
        counts["reached"] += sum(
            bool(each.get("reached")) for name, each in rows.items() if "callback:" in name
        )
        counts["leads"] += any(
            hand["part"] == "lead" and (hand["state"] not in {"returned", "recalled"} or _ended(rows, name))
            for name, hand in rows.items()
            if name.startswith("handling:")
        )
        for name, hand in rows.items():
            if name.startswith("handling:") and (hand["state"] != "recalled" or _ended(rows, name)):
                if _ended(rows, name):
                    # Reopened, and then somebody else's: what was closed before stays closed.
                    hand |= {"state": "closed", "closed_at": "once"}
                counts["handlings"] += 1
                counts[f"unit {hand['unit']}"] += 1
                counts["returned"] += hand["state"] == "returned"
                counts["signed"] += hand.get("signed_at") is not None
                counts["closed"] += hand.get("closed_at") is not None
                for each in ("return_requests", "extension_days", "reworks"):
                    counts[each] += hand.get(each, 0)
                counts["late"] += _late(rows, name, hand)
        counts["orders late"] += order.get("dispatched_at") is not None and _late(rows, "order", order)
    return +counts


def _said(rows: Rows, turn: int) -> dict[str, Any]:
    """What the citizen said who was reached in a round: of an earlier one nothing counts any more."""
    calls = [each for name, each in rows.items() if name.startswith("callback:") and each["round"] == turn]
    found = [each for each in calls if each["reached"]]
    assert len(found) <= 1
    return found[0] if found else {}


def _fate(letter: dict[str, Any]) -> str:
    """What became of a letter: the centre's to decide as long as nobody has, and again once it was recalled."""
    told = letter.get("disposition")
    recalled = told == "dispatched" and letter["state"] == "recorded"
    return "pending" if told is None or recalled else {"dispatched": "transferred"}.get(told, told)


def _ended(rows: Rows, name: str) -> bool:
    """A handling that is nobody's any more, and was closed in an earlier round."""
    closes = [each for clock, each in rows.items() if clock.startswith(f"clock:{name}:close:")]
    return rows[name]["state"] in {"returned", "recalled"} and any(each.get("stopped_at") for each in closes)


def _late(rows: Rows, owner: str, whose: dict[str, Any]) -> bool:
    """Closed, and overdue in any of its rounds: instants as text are as long as each other, so they compare."""
    closes = [each for name, each in rows.items() if name.startswith(f"clock:{owner}:close:")]
    sure = [each for each in closes if not each.get("provisional")]
    return whose.get("closed_at") is not None and any(
        each.get("stopped_at") is not None and each["stopped_at"] > each["due_at"] for each in sure
    )


def _exported() -> Counter[str]:
    ledger = export_ledger()
    counts: Counter[str] = Counter()
    letters = ledger.letters.to_pylist()
    counts["letters"] = len(letters)
    counts.update(f"letter {each['disposition']}" for each in letters)
    counts["published"] = sum(bool(each["published"]) for each in letters)
    for order in ledger.orders.to_pylist():
        counts["orders"] += 1
        counts[f"disposition {order['disposition']}"] += 1
        counts[f"type {order['request_type']}"] += 1
        for name in ("dispatched_at", "signed_at", "closed_at"):
            counts[f"order {name}"] += order[name] is not None
        counts["reopened"] += order["reopen_count"]
        counts["excluded"] += order["excluded"]
        counts["resolved"] += bool(order["resolved"])
        counts[f"rated {order['satisfaction'] or 'not_rated'}"] += 1
        counts["repeats"] += order["repeat_of"] is not None
        counts["anonymous"] += order["anonymous"]
        counts["confidential"] += order["confidential"]
        counts["orders late"] += _is_late(order)
    held = ledger.handlings.to_pylist()
    here = {each["order_no"] for each in ledger.orders.to_pylist()}
    leads = [each["order_no"] for each in held if each["role"] == "lead" and not each["returned"]]
    assert len(set(leads)) == len(leads), "one lead an order"
    counts["leads"] = len(set(leads) & here)
    for hand in held:
        counts["handlings"] += 1
        counts[f"unit {hand['unit']}"] += 1
        counts["returned"] += hand["returned"]
        counts["signed"] += hand["signed_at"] is not None
        counts["closed"] += hand["closed_at"] is not None
        counts["return_requests"] += hand["return_requests"]
        counts["extension_days"] += hand["extension_days"]
        counts["reworks"] += hand["rework_count"]
        counts["late"] += _is_late(hand)
    calls = ledger.callbacks.to_pylist()
    counts["called"], counts["reached"] = len(calls), sum(each["reached"] for each in calls)
    return +counts


def _is_late(told: dict[str, Any]) -> bool:
    closed, due = told["closed_at"], told["close_due_at"]
    return closed is not None and due is not None and closed > due


def check_ledger(numbers: list[str]) -> None:
    """Every count of the ledger is that of the events."""
    assert all(row(number) for number in numbers)
    assert _exported() == _told(numbers)
