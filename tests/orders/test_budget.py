"""How many SQL statements each act takes: a change that adds one must say why here.

Every act that moves an order begins by locking and reading it, reads its handlings (who may, and what follows), and
ends by storing the order's head and inserting the event: four statements, `EVERY`. Not counted is what begins and ends
a transaction. What an act says in words costs two more (`WORDS`: the order's key, the sealed words).
"""

from collections.abc import Callable, Mapping
from datetime import date

from cast import ALICE, MONDAY, recorded, request
from django.db import connection
from test_import import imported, plain_handling, plain_order
from test_policy_table import JOBS, SCENES, WHERE, WHO, players, plays, undone, units

from jieban.orders.actions.record import record_order
from jieban.people.acts import Act
from jieban.people.models import Account, Post
from jieban.people.roles import Role
from live_database import LiveDatabase

EVERY = 4
WORDS = 2
CLOCKS = 2
"""The clocks are read, and those that move are stored."""

BUDGET: Mapping[Act, tuple[int, str]] = {
    Act.RECORD: (5, "the day's number, the order, its secret, its two clocks at once, the event"),
    Act.CLASSIFY: (EVERY + CLOCKS, "all clocks are counted anew"),
    Act.ANSWER: (EVERY + CLOCKS + 1 + WORDS, "the close clock stops, the sign clock is dropped; the answer"),
    Act.REFUSE: (EVERY + CLOCKS + WORDS, "both clocks are dropped; the explanation"),
    Act.DISPATCH: (
        EVERY + CLOCKS + 3,
        "both clocks start anew, one was dropped once; the handlings, their clocks",
    ),
    Act.ADD_UNIT: (EVERY + 3, "what clocks there are; the handling, its clocks"),
    Act.REMOVE_UNIT: (EVERY + 2 + CLOCKS + WORDS, "open petitions lapse, the handling, its clocks; why"),
    Act.RECALL: (EVERY + 2 + CLOCKS + WORDS, "open petitions lapse, both handlings at once, all clocks; why"),
    Act.SIGN: (EVERY + 1 + CLOCKS, "the handling, its clock and the order's"),
    Act.ASSIGN: (EVERY + 3, "who has a post in the unit, the handling; and the test asks for the account"),
    Act.ASK_RETURN: (EVERY + 3 + WORDS, "petitions there are, the handling's count, the petition; why"),
    Act.DECIDE_RETURN: (
        EVERY + 3 + CLOCKS + 3 + WORDS,
        "the petition, the handling, its clocks and the order's, the next handling with its clocks; why",
    ),
    Act.ASK_EXTENSION: (EVERY + 3 + WORDS, "petitions and the deadline, the petition; why"),
    Act.DECIDE_EXTENSION: (EVERY + 3 + CLOCKS + WORDS, "the petition, the handling's count, the clocks; why"),
    Act.PAUSE: (EVERY + 1 + CLOCKS + WORDS, "the handling, its clock and the order's; what is asked"),
    Act.RESUME: (EVERY + 1 + CLOCKS, "the handling, its clock and the order's"),
    Act.REPORT_PROGRESS: (EVERY + WORDS, "the progress"),
    Act.REPLY: (
        EVERY + 3 + CLOCKS + WORDS,
        "evidence that is demanded, petitions that lapse, the handling, its clock; the reply",
    ),
    Act.WITHDRAW_REPLY: (EVERY + 1 + CLOCKS + WORDS, "the handling, its clock runs on; why"),
    Act.ATTACH: (
        EVERY + 2 + (connection.vendor == "postgresql"),
        "what is there already, the evidence; a content is locked where several transactions write at once",
    ),
    Act.WITHDRAW_EVIDENCE: (
        EVERY + 4 + WORDS,
        "evidence and what rests on it, the piece; why; and the test asks which piece",
    ),
    Act.DECLARE_UNREASONABLE: (EVERY + 3 + WORDS, "petitions, evidence, the petition; the inquiry"),
    Act.SIGN_AS_HEAD: (EVERY + 2, "the petition, signed"),
    Act.DECIDE_UNREASONABLE: (EVERY + 3 + CLOCKS + WORDS, "the petition, the handling, its clock; why"),
    Act.PASS_REVIEW: (EVERY + 2, "the handling; clocks are read and stay as the reply stopped them"),
    Act.REJECT_REVIEW: (EVERY + 1 + CLOCKS + WORDS, "the handling, its clock runs on; why"),
    Act.RECORD_CALLBACK: (EVERY + 2, "the tries before, this one"),
    Act.CLOSE: (EVERY + 4, "the callbacks, the evidence that is held from now on, the clocks"),
    Act.REOPEN: (EVERY + 4 + WORDS, "clocks and evidence, the handling, new clocks at once; why"),
    Act.URGE: (EVERY, "a count on the order"),
    Act.SUPERVISE: (EVERY + WORDS, "why"),
    Act.ESCALATE: (EVERY + 1 + WORDS, "which units declined; why"),
    Act.CORRECT: (
        EVERY + 2 + WORDS,
        "which orders repeat it by the person; the secret with the new summary; why",
    ),
    Act.CORRECT_CALLBACK: (EVERY + 2 + WORDS, "the callbacks there are, the one that is mended; why"),
    Act.LINK_REPEAT: (EVERY + 2, "the earlier order, and the one that was linked before"),
    Act.UNLINK_REPEAT: (EVERY + 1 + WORDS, "the earlier order; why"),
    Act.SPLIT: (
        EVERY + CLOCKS + 2 + 2 * 6,
        "the secret and the evidence are handed on; each part: number, order, secret, clocks, evidence, event",
    ),
    Act.MERGE: (
        2 * EVERY - 1 + CLOCKS + WORDS,
        "both orders, locked together; the one that goes drops its clocks; why",
    ),
    Act.UNMERGE: (
        2 * EVERY - 1 + 6 + WORDS,
        "both orders at once, which one absorbed it; the event of the merger, what hung on it, its clocks; why",
    ),
    Act.PUBLISH: (EVERY, "a mark on the order"),
    Act.READ_CONTACT: (EVERY + 1, "the secret"),
    Act.ARCHIVE: (EVERY + 2, "the evidence and the clocks, which have ended"),
    Act.REDACT: (
        EVERY + 7,
        "orders that hang on it, twice; evidence and its end, the secret, read and emptied, the words",
    ),
}


class Counted:
    """The statements that run, without those of transactions."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Callable[..., object], sql: str, *rest: object) -> object:
        if not sql.lstrip().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            self.statements.append(sql)
        return execute(sql, *rest)


def statements(play: Callable[[], object]) -> list[str]:
    """What an act runs; it is undone."""
    counted = Counted()
    with undone(), connection.execute_wrapper(counted):
        play()
    return counted.statements


def test_every_act_takes_as_many_statements_as_its_budget_says(database: LiveDatabase) -> None:
    del database
    account = Account.objects.create_user("hana", display_name="Hana", joined_at=MONDAY)
    post = {"account": account, "role": Role.HANDLER.value, "unit": units()[0]}
    Post.objects.create(valid_from=date(2025, 1, 1), **post)
    doing, cast = plays(), players()
    scenes: dict[str, str] = {}
    found = {Act.RECORD: statements(recorded)}
    for act, play in doing.items():
        scene, who = WHERE[act].split()[0], WHO[act].split()[0]
        order = scenes[scene] if scene in scenes else scenes.setdefault(scene, SCENES[scene]())
        found[act] = statements(lambda play=play, order=order, who=who: play(order, cast[who]))
    wrong = [
        f"{act}: {len(ran)} statements, not {BUDGET[act][0]} ({BUDGET[act][1]}):\n  " + "\n  ".join(ran)
        for act, ran in found.items()
        if len(ran) != BUDGET[act][0]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_act_has_a_budget(database: LiveDatabase) -> None:
    del database
    assert set(BUDGET) == {Act.RECORD, *plays()}
    assert set(JOBS).isdisjoint(BUDGET)


def test_the_same_delivery_twice_costs_one_look(database: LiveDatabase) -> None:
    del database
    twice = request(channel_ref="T-1")
    record_order(request=twice, actor=ALICE, now=MONDAY)
    ran = statements(lambda: record_order(request=twice, actor=ALICE, now=MONDAY))
    assert len(ran) <= 2, ran  # is it there, and may they see it


def test_an_import_takes_as_many_statements_for_many_orders_as_for_few(database: LiveDatabase) -> None:
    del database

    def of(count: int) -> int:
        numbers = [f"{count}-{n}" for n in range(count)]
        rows = {
            "orders": [plain_order(order_no=number) for number in numbers],
            "handlings": [plain_handling(number) for number in numbers],
        }
        return len(statements(lambda: imported(rows)))

    assert of(3) == of(60)
