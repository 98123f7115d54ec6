"""Lots that are written at once are committed in their order, and none without those before it."""

from collections.abc import Callable
from threading import Event, Timer, get_ident

import pytest
from test_import import imported, plain_handling, plain_order

from jieban.orders.audit.verify import verify
from jieban.orders.importing.writers import Turn, Writers
from jieban.orders.models import Order
from live_database import LiveDatabase

LONGEST = 20


def test_each_order_of_a_lot_of_one_may_repeat_the_one_before(each_city: str, database: LiveDatabase) -> None:
    """The database looks for what is repeated when a lot is committed: it is there by then."""
    del each_city, database
    numbers = [f"L-{place:02}" for place in range(25)]
    before = [None, *numbers]
    rows = {
        "orders": [
            plain_order(order_no=number, repeat_of=earlier)
            for number, earlier in zip(numbers, before, strict=False)
        ],
        "handlings": [plain_handling(number) for number in numbers],
    }
    assert imported(rows, lot=1).whole
    found = dict(Order.objects.values_list("number", "repeat_of__number"))
    assert found == dict(zip(numbers, before, strict=False))
    assert verify().clean


def test_a_lot_that_is_ready_first_waits_for_its_turn() -> None:
    done: list[str] = []
    second_is_ready = Event()

    def first(turn: Turn) -> None:
        assert second_is_ready.wait(LONGEST)
        turn()
        done.append("first")

    def second(turn: Turn) -> None:
        second_is_ready.set()
        turn()
        done.append("second")

    with Writers(2) as writers:
        told = [writers.write(each) for each in (first, second)]
    assert [each.result() for each in told] == [None, None]
    assert done == ["first", "second"]


def test_a_lot_that_fails_takes_those_behind_it_with_it() -> None:
    done: list[int] = []

    def lot(place: int, turn: Turn) -> None:
        if place == 1:
            raise ValueError("no")
        turn()
        done.append(place)

    with Writers(2) as writers:
        told = [
            writers.write(lambda turn, place=place: lot(place, turn))  # type: ignore[misc]
            for place in range(4)
        ]
    assert done == [0]
    assert [type(each.exception()) for each in told] == [type(None), *[ValueError] * 3]


def test_without_threads_lots_are_written_here_and_now() -> None:
    done: list[int] = []

    def lot(turn: Turn) -> None:
        turn()
        done.append(get_ident())

    with Writers(0) as writers:
        writers.write(lot).result()
        assert done == [get_ident()]


def test_what_has_not_begun_is_left_when_the_import_is_given_up() -> None:
    done: list[str] = []
    begun, go_on = Event(), Event()

    def first(_turn: Turn) -> None:
        begun.set()
        assert go_on.wait(LONGEST)
        done.append("first")

    told: list[bool] = []
    writers = Writers(1)
    with pytest.raises(KeyboardInterrupt), writers:
        _given_up(writers, first, begun, go_on, told)
    assert done == ["first"]
    assert told == [True]


def _given_up(
    writers: Writers, first: Callable[[Turn], None], begun: Event, go_on: Event, told: list[bool]
) -> None:
    writers.write(first)
    later = writers.write(lambda _turn: None)
    later.add_done_callback(lambda each: told.append(each.cancelled()))
    assert begun.wait(LONGEST)
    Timer(0.2, go_on.set).start()  # when the interrupt has long been seen
    raise KeyboardInterrupt
