"""Retention: keys destroyed on the day, statistics and chain left whole; also after a kill, and twice."""

import base64
import io
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from cast import (
    ADAM,
    ALICE,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    RUTH,
    SYSTEM,
    handled,
    handler,
    lead,
    recorded,
    replied,
    reply,
    request,
    signed,
)
from django.db import connection

from jieban.kernel.keyring import BadKeys, Keyring, load_keyring, retired_line
from jieban.ledger.schema import Satisfaction
from jieban.orders.access import find_by_phone
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order
from jieban.orders.actions.contacts import read_contact
from jieban.orders.actions.desk import answer_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.merge import merge_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.redaction import redact_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.audit.verify import verify
from jieban.orders.errors import NotAllowed, Redacted, WrongState
from jieban.orders.evidence.files import path_of, storage
from jieban.orders.face import face_of
from jieban.orders.jobs.retention import Swept, remove_files, run_retention
from jieban.orders.models import Event, Evidence, Order, OrderSecret, Words
from jieban.orders.secrets import lock_of
from jieban.people.city import city
from jieban.people.keys import keyring
from live_database import LiveDatabase

pytestmark = pytest.mark.usefixtures("database")

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
CLOSED = MONDAY + 10 * MINUTE


def closed(*, evidence: bytes | None = None) -> str:
    """An order that ended at CLOSED."""
    if evidence is None:
        order = handled()
    else:
        order = signed()
        kind = next(each.code for each in city().workflow.evidence.kinds if "image/png" in each.media_types)
        attach_evidence(
            order=order,
            upload=Upload(stream=io.BytesIO(evidence), kind=kind),
            actor=handler(lead()),
            now=MONDAY + 2 * MINUTE,
            handling=1,
        )
        reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=MONDAY + 3 * MINUTE)
        pass_review(order=order, handling=1, actor=RUTH, now=MONDAY + 4 * MINUTE)
    end(order)
    return order


def end(order: str) -> None:
    record_callback(
        order=order,
        outcome=Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED),
        actor=CARL,
        now=MONDAY + 5 * MINUTE,
    )
    close_order(order=order, actor=RUTH, now=CLOSED)


def term() -> timedelta:
    return timedelta(days=city().workflow.retention.person_days)


def after(minutes: int = 1) -> datetime:
    return CLOSED + term() + minutes * MINUTE


def test_on_the_day_and_not_before() -> None:
    order = closed()
    assert run_retention(CLOSED + term() - MINUTE) == Swept(orders=0, files=0)
    with pytest.raises(WrongState):
        redact_order(order=order, actor=ADAM, now=CLOSED + term() - MINUTE)
    assert run_retention(CLOSED + term()) == Swept(orders=1, files=0)
    assert Order.objects.get(number=order).redacted_at == CLOSED + term()


def test_the_person_and_every_word_are_gone_and_the_rest_is_there() -> None:
    order = closed()
    before = Order.objects.filter(number=order).values().get()
    run_retention(after())
    secret = OrderSecret.objects.get(order__number=order)
    assert (secret.wrapped_key, secret.contact, secret.matter, secret.phone_index) == (None,) * 4
    assert Words.objects.filter(order__number=order).exists()
    assert not Words.objects.filter(order__number=order, sealed__isnull=False).exists()
    now = Order.objects.filter(number=order).values().get()
    changed = {name for name in before if before[name] != now[name]}
    assert changed == {"redacted_at", "events", "head", "last_at"}
    findings = verify()
    assert findings.clean, findings.found
    event = Event.objects.filter(order__number=order).order_by("seq").last()
    assert event is not None
    assert (event.act, event.actor) == ("redact", "system")
    face = face_of(ALICE, order)
    assert (face.redacted, face.requester, face.matter, face.words) == (True, None, None, {})
    assert not find_by_phone(ALICE, "13900000001").exists()
    with pytest.raises(Redacted):
        read_contact(order=order, purpose="clarify", actor=ALICE, now=after(5))


def test_what_is_delivered_again_after_that_is_the_same_order_and_its_id_is_gone() -> None:
    wanted = request(channel_ref="13900000009")
    order = record_order(request=wanted, actor=ALICE, now=MONDAY).order
    answer_order(order=order, answer="已告知办理途径。", actor=ALICE, now=CLOSED)
    assert run_retention(after()).orders == 1
    secret = OrderSecret.objects.get(order__number=order)
    assert secret.delivery is None
    assert face_of(ALICE, order).channel_ref is None
    again = record_order(request=wanted, actor=ALICE, now=after(2))
    assert (again.order, again.new) == (order, False)
    assert verify().clean


def test_twice_does_nothing_more() -> None:
    order = closed()
    assert run_retention(after()).orders == 1
    events = Event.objects.count()
    assert run_retention(after(2)) == Swept(orders=0, files=0)
    assert Event.objects.count() == events
    with pytest.raises(WrongState):
        redact_order(order=order, actor=SYSTEM, now=after(3))


def test_what_goes_on_is_kept_however_old() -> None:
    recorded()
    replied()
    handled()
    assert run_retention(after(10_000)).orders == 0


def test_only_the_system_and_the_administrator_redact() -> None:
    order = closed()
    for actor in (ALICE, BOB, RUTH):
        with pytest.raises(NotAllowed):
            redact_order(order=order, actor=actor, now=after())
    redact_order(order=order, actor=ADAM, now=after())


def test_a_merged_orders_person_is_kept_as_long_as_that_of_the_other() -> None:
    into, gone = recorded(), recorded()
    merge_order(into=into, order=gone, reason="同一件事", actor=BOB, now=MONDAY + MINUTE)
    assert run_retention(after(10_000)).orders == 0
    assert OrderSecret.objects.filter(wrapped_key__isnull=True).count() == 0


def test_evidence_is_removed_once_no_order_holds_it() -> None:
    one, two = closed(evidence=PNG), closed(evidence=PNG)
    digest = Evidence.objects.get(order__number=one).digest
    # The second order's evidence is held for longer.
    later = after() + timedelta(days=30)
    Evidence.objects.filter(order__number=two).update(held_until=later)
    assert storage().exists(path_of(digest))
    done = run_retention(after())
    assert done.orders == 2
    assert done.files == 0, "the other order still holds it"
    assert Evidence.objects.get(order__number=one).removed_at is not None
    assert storage().exists(path_of(digest))
    assert run_retention(later) == Swept(orders=1, files=1)
    assert not storage().exists(path_of(digest))
    assert run_retention(later) == Swept(orders=0, files=0)


def test_a_run_that_was_killed_before_it_deleted_files_is_made_good() -> None:
    order = closed(evidence=PNG)
    redact_order(order=order, actor=SYSTEM, now=after())
    digest = Evidence.objects.get(order__number=order).digest
    assert storage().exists(path_of(digest))
    assert remove_files(after()) == 1
    assert not storage().exists(path_of(digest))
    assert verify().clean


PROGRAM = """
import os, signal, sys
from datetime import datetime
from jieban.site.live import setup; setup()
from jieban.orders.jobs import retention
work, left = retention.redact_order, int(sys.argv[1])
def redact(**given):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return work(**given)
retention.redact_order = redact
retention.run_retention(datetime.fromisoformat(sys.argv[2]))
"""


def test_killed_in_the_middle_the_next_run_ends_it(database: LiveDatabase) -> None:
    orders = [closed() for _ in range(5)]
    for done in (2, 1):
        killed = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(done), after().isoformat()],
            env=dict(database.environ),
            check=False,
        )
        assert killed.returncode == -9
    assert Order.objects.filter(redacted_at__isnull=False).count() == 3
    assert verify().clean
    assert run_retention(after(5)).orders == 2
    assert Order.objects.filter(number__in=orders, redacted_at__isnull=True).count() == 0
    assert verify().clean


def test_the_command(database: LiveDatabase) -> None:
    closed()
    words = [
        sys.executable,
        "-m",
        "jieban",
        "retention",
        "run",
        "--json",
        "--now",
        after().isoformat()[:19] + "+0800",
    ]
    first, second = (
        subprocess.run(words, env=dict(database.environ), capture_output=True, text=True, check=False)
        for _ in range(2)
    )
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == {"orders": 1, "files": 0, "retirable": []}
    assert json.loads(second.stdout)["orders"] == 0


def test_a_backup_from_before_opens_until_its_version_of_the_key_is_retired() -> None:
    """ADR 0014: the order's key lies in the backup, sealed under the master key; so that one must go too."""
    order = closed()
    backup = OrderSecret.objects.get(order__number=order)
    run_retention(after())
    ring = keyring()
    assert lock_of(backup, order, ring) is not None, "until then, whoever has both can read it: said plainly"
    after_new = Keyring({**ring.keys, 2: os.urandom(32)}, 2)
    line = retired_line(after_new, 1)
    today = load_keyring({"JIEBAN_KEYS": f"{line},2:{base64.b64encode(after_new.keys[2]).decode()}"})
    with pytest.raises(BadKeys):
        lock_of(backup, order, today)
    with mock.patch("jieban.orders.audit.verify.keyring", return_value=today):
        assert verify().clean, "the chain is checked with what is left of the old key"


def test_the_database_file_holds_nothing_of_the_person(database: LiveDatabase) -> None:
    if database.vendor != "sqlite":
        return
    closed()
    connection.close()
    name = connection.settings_dict["NAME"]
    data = b"".join(path.read_bytes() for path in Path(name).parent.glob(f"{Path(name).name}*"))
    assert "买买提".encode() not in data
    assert b"13900000001" not in data
