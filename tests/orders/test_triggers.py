"""The database itself refuses to change the trail, and what its tables may not hold."""

from collections.abc import Callable

import pytest
from attacks import disarm, execute
from cast import MONDAY, handler, lead, recorded, signed, units
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate

from jieban.orders.models import Clock, Event, Handling, Order, OrderSecret, Petition
from jieban.orders.triggers import TABLE, install, missing, wanted
from live_database import LiveDatabase

pytestmark = pytest.mark.usefixtures("database")


def rows() -> list[dict[str, object]]:
    return list(Event.objects.order_by("pk").values())


def save_again() -> None:
    event = Event.objects.order_by("pk")[0]
    event.actor = "account:99"
    event.save()


def save_one_column() -> None:
    event = Event.objects.order_by("pk")[0]
    event.data = "{}"
    event.save(update_fields=["data"])


def delete_one() -> None:
    event = Event.objects.order_by("pk")[0]
    event.delete()


def bulk() -> None:
    events = list(Event.objects.all())
    for event in events:
        event.act = "answer"
    Event.objects.bulk_update(events, ["act"])


def replace() -> None:
    columns = "id, order_id, seq, at, act, actor, data, key_version, previous, digest"
    where = "WHERE id = (SELECT min(id) FROM orders_event)"
    if connection.vendor == "postgresql":
        execute(
            f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM {TABLE} {where} "  # noqa: S608  # the attack itself
            "ON CONFLICT (id) DO UPDATE SET actor = 'x'"
        )
    else:
        execute(f"INSERT OR REPLACE INTO {TABLE} ({columns}) SELECT {columns} FROM {TABLE} {where}")  # noqa: S608


ATTACKS: tuple[Callable[[], object], ...] = (
    lambda: Event.objects.update(act="x"),
    lambda: Event.objects.filter(seq=1).update(digest="0" * 64),
    lambda: Event.objects.all().delete(),
    delete_one,
    save_again,
    save_one_column,
    bulk,
    replace,
    lambda: execute(f"UPDATE {TABLE} SET act = 'x'"),  # noqa: S608  # as above
    lambda: execute(f"UPDATE {TABLE} SET seq = seq + 1 WHERE seq = 2"),  # noqa: S608
    lambda: execute(f"DELETE FROM {TABLE}"),  # noqa: S608
    lambda: execute(f"DELETE FROM {TABLE} WHERE seq = 2"),  # noqa: S608
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_events_are_never_changed_or_deleted(attack: Callable[[], object]) -> None:
    signed()
    before = rows()
    with pytest.raises(DatabaseError, match="never"):
        attack()
    assert rows() == before


@pytest.mark.parametrize(
    "statement", [f"TRUNCATE {TABLE}", f"TRUNCATE {TABLE} CASCADE", "TRUNCATE orders_order CASCADE"]
)
def test_truncate_is_refused(database: LiveDatabase, statement: str) -> None:
    signed()
    before = rows()
    if database.vendor != "postgresql":
        # SQLite has no such statement; its DELETE without WHERE is refused above.
        statement = f"DELETE FROM {TABLE}"  # noqa: S608
    with pytest.raises(DatabaseError, match="never"):
        execute(statement)
    assert rows() == before


ORDER_ATTACKS = (
    "DELETE FROM orders_order",
    "DELETE FROM orders_order WHERE id = (SELECT max(id) FROM orders_order)",
)


def test_orders_are_never_deleted(database: LiveDatabase) -> None:
    """Without a constraint by which their events would hold them."""
    signed()
    before = list(Order.objects.order_by("pk").values())
    attacks = ORDER_ATTACKS
    if database.vendor == "postgresql":
        # Of itself alone: that of events refuses, too.
        execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL")
        attacks += ("TRUNCATE orders_order CASCADE",)
    for statement in attacks:
        with pytest.raises(DatabaseError, match="orders are never deleted"):
            execute(statement)
        assert list(Order.objects.order_by("pk").values()) == before


def test_flush_is_refused() -> None:
    signed()
    before = rows()
    with pytest.raises(Exception, match=r"(?i)never|flush"):  # a command's error around the database's
        call_command("flush", interactive=False, verbosity=0)
    assert rows() == before


def test_the_attacks_would_work_without_the_triggers() -> None:
    signed()
    disarm()
    assert Event.objects.update(act="x") > 0


def test_every_migration_leaves_them_in_place(database: LiveDatabase) -> None:
    del database
    steps = [
        node
        for node in MigrationExecutor(connection).loader.graph.leaf_nodes()
        if node[0] in {"orders", "people"}
    ]
    plan = [
        (migration.app_label, migration.name)
        for migration, _ in MigrationExecutor(connection).migration_plan(steps, clean_start=True)
        if migration.app_label == "orders"
    ]
    assert plan, "there is something to walk"
    call_command("migrate", "orders", "zero", verbosity=0, interactive=False)
    for app, name in plan:
        call_command("migrate", app, name, verbosity=0, interactive=False)
        if TABLE in connection.introspection.table_names():
            assert missing(connection) == [], name
    assert TABLE in connection.introspection.table_names()


def alter_the_table() -> None:
    """What a migration with AlterField does: on SQLite the table is made anew."""
    old = Event._meta.get_field("actor")
    new = models.CharField(max_length=200)
    new.set_attributes_from_name("actor")
    new.model = Event
    with connection.schema_editor() as editor:
        editor.alter_field(Event, old, new)


def test_a_remade_table_has_them_again_after_migrate(database: LiveDatabase) -> None:
    order = signed()
    alter_the_table()
    if database.vendor == "sqlite":
        assert missing(connection), "the trap that this is about"
    call_command("migrate", verbosity=0, interactive=False)
    assert missing(connection) == []
    with pytest.raises(DatabaseError, match="never"):
        Event.objects.filter(order__number=order).update(act="x")


def test_without_the_signal_they_would_be_lost(database: LiveDatabase) -> None:
    signed()
    alter_the_table()
    receivers = post_migrate.receivers
    post_migrate.receivers = [each for each in receivers if "orders.triggers" not in str(each[0])]
    post_migrate.sender_receivers_cache.clear()
    try:
        call_command("migrate", verbosity=0, interactive=False)
        assert bool(missing(connection)) == (database.vendor == "sqlite")
    finally:
        post_migrate.receivers = receivers
        post_migrate.sender_receivers_cache.clear()
    install(connection)
    assert missing(connection) == []


def test_a_trigger_that_was_switched_off_is_missed_and_put_back(database: LiveDatabase) -> None:
    signed()
    name = next(iter(wanted(connection)))
    if database.vendor == "postgresql":
        execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {name}")
    else:
        execute(f"DROP TRIGGER {name}")
    assert missing(connection) == [name]
    install(connection)
    assert missing(connection) == []
    with pytest.raises(DatabaseError, match="never"):
        Event.objects.update(act="x")


def second_lead(order: str) -> None:
    one = Handling.objects.get(order__number=order)
    one.pk, one.serial, one.unit = None, 9, units(2)[1]
    one.save(force_insert=True)


def same_unit_twice(order: str) -> None:
    one = Handling.objects.get(order__number=order)
    one.pk, one.serial, one.part = None, 9, "assist"
    one.save(force_insert=True)


def serial_twice(order: str) -> None:
    one = Handling.objects.get(order__number=order)
    one.pk, one.unit, one.part = None, units(2)[1], "assist"
    one.save(force_insert=True)


def clock_twice(order: str) -> None:
    clock = Clock.objects.filter(order__number=order, handling__isnull=True)[0]
    clock.pk = None
    clock.save(force_insert=True)


def two_petitions(order: str) -> None:
    handling = Handling.objects.get(order__number=order)
    for serial in (1, 2):
        Petition.objects.create(
            order=handling.order,
            handling=handling,
            serial=serial,
            kind="return",
            state="asked",
            asked_at=MONDAY,
            asked_by=handler(lead()).ref,
            asked_in=3,
        )


def number_twice(order: str) -> None:
    one = Order.objects.get(number=order)
    one.pk = None
    one.save(force_insert=True)


def delivered_twice(order: str) -> None:
    other = recorded()
    OrderSecret.objects.filter(order__number__in=(order, other)).update(delivery_index="the same")


def event_twice(order: str) -> None:
    event = Event.objects.filter(order__number=order)[0]
    event.pk = None
    event.save(force_insert=True)


def set_to(model: type[models.Model], **columns: object) -> Callable[[str], object]:
    def change(order: str) -> object:
        where = {"number": order} if model is Order else {"order__number": order}
        return model._default_manager.filter(**where).update(**columns)

    change.__name__ = f"{model.__name__}-{'-'.join(columns)}"
    return change


@pytest.mark.parametrize(
    "attack",
    [
        second_lead,
        same_unit_twice,
        serial_twice,
        clock_twice,
        two_petitions,
        number_twice,
        delivered_twice,
        event_twice,
        set_to(Order, state="lost"),
        set_to(Order, urgency="soon"),
        set_to(Order, disposition="eaten"),
        set_to(Handling, state="lost"),
        set_to(Handling, part="star"),
        set_to(Clock, level="city"),
        set_to(Clock, stage="sleep"),
        set_to(Clock, basis="moons"),
    ],
    ids=lambda each: each.__name__,
)
def test_the_tables_refuse_what_can_not_be(attack: Callable[[str], object]) -> None:
    order = signed()
    with pytest.raises(IntegrityError), transaction.atomic():
        attack(order)
    assert Order.objects.get(number=order).state == "handling"


@pytest.mark.parametrize("column", ["kind", "state"])
def test_petitions_of_no_kind_or_state_are_refused(column: str) -> None:
    order = signed()
    handling = Handling.objects.get(order__number=order)
    values = {"kind": "return", "state": "asked"} | {column: "x"}
    with pytest.raises(IntegrityError):
        Petition.objects.create(
            order=handling.order,
            handling=handling,
            serial=1,
            asked_at=MONDAY,
            asked_by="account:1",
            asked_in=1,
            **values,
        )


def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "orders", check=True, dry_run=True, verbosity=0)
