"""Changing master keys: every order under the new one, nothing lost by a kill, old versions retired for good."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cast import ALICE, MINUTE, MONDAY, dispatched, recorded, request, signed
from django.test import override_settings

from jieban.kernel.keyring import BadKeys, Keyring, generate_key_line, load_keyring, retired_line
from jieban.kernel.sealing import BadSeal
from jieban.orders import keyring as rotation
from jieban.orders.access import find_by_phone
from jieban.orders.actions.contacts import read_contact
from jieban.orders.actions.dispatch import Assignment
from jieban.orders.actions.record import record_order
from jieban.orders.audit.verify import verify
from jieban.orders.face import face_of
from jieban.orders.keyring import KeyInUse, chain_versions, check_retirable, rotate_keys, versions_in_use
from jieban.orders.models import Event, OrderSecret
from jieban.orders.secrets import Contact, phone_index
from jieban.people.keys import keyring
from live_database import KEYS, LiveDatabase

NEW = "2:" + base64.b64encode(b"the second of the keys of tests!").decode()
BOTH = f"{KEYS},{NEW}"
LATER = MONDAY + 30 * MINUTE
both_keys = override_settings(JIEBAN_KEYRING_ENVIRON={"JIEBAN_KEYS": BOTH})

pytestmark = pytest.mark.usefixtures("database")


def test_every_order_comes_under_the_new_key_and_can_be_read_and_found() -> None:
    orders = [signed(), recorded(anonymous=True), recorded(contact=Contact(name="张三"))]
    before = Event.objects.count()
    with both_keys:
        told: list[tuple[int, int]] = []
        done = rotate_keys(keyring(), lambda count, whole: told.append((count, whole)))
        assert (done.orders, done.current, done.chained) == (3, 2, (1,))
        assert told == [(3, 3)]
        assert versions_in_use() == {2: 3}
        assert Event.objects.count() == before, "no fact of an order has changed"
        assert OrderSecret.objects.get(order__number=orders[0]).phone_index == phone_index(
            "13900000001", keyring()
        )
        assert [each.number for each in find_by_phone(ALICE, "13900000001")] == [orders[0]]
        contact = read_contact(order=orders[0], purpose="clarify", actor=ALICE, now=LATER)
        assert contact.name == "买买提·艾力"
        assert face_of(ALICE, orders[2]).requester == Contact(name="张*")
        assert chain_versions() == (1, 2)
        assert verify().clean
        assert rotate_keys(keyring()).orders == 0
    with pytest.raises(BadKeys):
        face_of(ALICE, orders[0])


def test_the_same_delivery_is_one_order_under_whichever_key_it_came() -> None:
    wanted, redacted = request(channel_ref="A-7"), request(channel_ref="A-8")
    order, gone = (record_order(request=each, actor=ALICE, now=MONDAY).order for each in (wanted, redacted))
    OrderSecret.objects.filter(order__number=gone).update(wrapped_key=None, delivery=None)
    with both_keys:
        for again, number in ((wanted, order), (redacted, gone)):
            found = record_order(request=again, actor=ALICE, now=LATER)
            assert (found.order, found.new) == (number, False)
        rotate_keys(keyring())
        for again, number in ((wanted, order), (redacted, gone)):
            found = record_order(request=again, actor=ALICE, now=LATER)
            assert (found.order, found.new) == (number, False)
        line = retired_line(keyring(), 1)
    with override_settings(JIEBAN_KEYRING_ENVIRON={"JIEBAN_KEYS": f"{line},{NEW}"}):
        assert record_order(request=wanted, actor=ALICE, now=LATER).order == order
        # A retired version matches nothing any more: an id that may name somebody is gone with it.
        assert record_order(request=redacted, actor=ALICE, now=LATER).new


def test_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    for _ in range(5):
        recorded()
    with both_keys:
        told: list[tuple[int, int]] = []
        rotate_keys(keyring(), lambda count, whole: told.append((count, whole)))
        assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_secret_that_does_not_open_stops_it_and_nothing_of_its_batch_is_written() -> None:
    orders = [recorded() for _ in range(3)]
    OrderSecret.objects.filter(order__number=orders[1]).update(wrapped_key=b"x" * 44)
    with both_keys:
        with pytest.raises(BadSeal):
            rotate_keys(keyring())
        assert versions_in_use() == {1: 3}


def test_a_missing_old_version_is_named() -> None:
    recorded()
    with override_settings(JIEBAN_KEYRING_ENVIRON={"JIEBAN_KEYS": NEW}):
        with pytest.raises(BadKeys) as refused:
            rotate_keys(keyring())
        assert "第 1 版" in str(refused.value)


def test_a_version_in_use_is_not_retired() -> None:
    recorded()
    with pytest.raises(KeyInUse):
        check_retirable(1)
    with both_keys:
        rotate_keys(keyring())
        check_retirable(1)
        with pytest.raises(BadKeys):
            retired_line(keyring(), 2)


def test_a_retired_version_checks_chains_and_opens_nothing() -> None:
    order = recorded()
    old = OrderSecret.objects.get(order__number=order)
    with both_keys:
        rotate_keys(keyring())
        line = retired_line(keyring(), 1)
    assert KEYS.partition(":")[2] not in line
    with override_settings(JIEBAN_KEYRING_ENVIRON={"JIEBAN_KEYS": f"{line},{NEW}"}):
        ring = keyring()
        assert repr(ring) == "Keyring(versions=[2], current=2, retired=[1])"
        assert verify().clean
        assert [each.number for each in find_by_phone(ALICE, "13900000001")] == [order]
        for purpose in ("wrap", "blind-index"):
            with pytest.raises(BadKeys):
                ring.derive(purpose, 1)
        OrderSecret.objects.filter(pk=old.pk).update(
            wrapped_key=old.wrapped_key, key_version=1, phone_index=old.phone_index
        )
        with pytest.raises(BadKeys):
            face_of(ALICE, order)


@pytest.mark.parametrize(
    "line", ["1:retired", "1:retired:", "1:retired:AAAA:AAAA", "1:retired:x:y", "1:retired:AAAA"]
)
def test_a_line_of_a_retired_version_that_was_cut_is_refused(line: str) -> None:
    with pytest.raises(BadKeys) as refused:
        load_keyring({"JIEBAN_KEYS": f"{line},{NEW}"})
    assert "第 1 版" in str(refused.value)


def test_retired_versions_alone_are_no_keyring() -> None:
    ring = load_keyring({"JIEBAN_KEYS": BOTH})
    with pytest.raises(BadKeys):
        load_keyring({"JIEBAN_KEYS": retired_line(ring, 1)})
    with pytest.raises(BadKeys):
        load_keyring({"JIEBAN_KEYS": f"{retired_line(ring, 1)},{BOTH}"})


PROGRAM = """
import os, signal, sys
from jieban.site.live import setup; setup()
from jieban.orders import keyring as rotation
from jieban.people.keys import keyring
rotation.BATCH = 2
write, left = rotation.OrderSecret.objects.bulk_update, int(sys.argv[1])
def once(*given, **named):
    global left
    done = write(*given, **named)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return done
type(rotation.OrderSecret.objects).bulk_update = staticmethod(once)
rotation.rotate_keys(keyring())
"""


def test_killed_within_a_transaction_the_next_run_ends_it(database: LiveDatabase) -> None:
    orders = [recorded() for _ in range(7)]
    for batches, rotated in ((1, 2), (1, 4)):
        killed = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(batches)],
            env=dict(database.environ) | {"JIEBAN_KEYS": BOTH},
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        with both_keys:
            assert versions_in_use() == {1: 7 - rotated, 2: rotated}
            assert verify().clean
            assert find_by_phone(ALICE, "13900000001").count() == 7
            assert all(face_of(ALICE, order).requester is not None for order in orders)
    with both_keys:
        assert rotate_keys(keyring()).orders == 3
        assert versions_in_use() == {2: 7}
        assert verify().clean


def test_killed_at_any_time_the_next_run_ends_it(database: LiveDatabase) -> None:
    for _ in range(12):
        recorded()
    program = PROGRAM.replace("rotation.BATCH = 2", "rotation.BATCH = 1\nprint('ready', flush=True)")
    for wait in (0.0, 0.01, 0.03):
        process = subprocess.Popen(
            [sys.executable, "-c", program, "-1"],
            env=dict(database.environ) | {"JIEBAN_KEYS": BOTH},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        process.kill()
        process.wait()
        process.stdout.close()
        with both_keys:
            assert verify().clean
    with both_keys:
        rotate_keys(keyring())
        assert versions_in_use() == {2: 12}
        assert verify().clean


def test_acts_go_on_while_keys_are_changed(database: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    from jieban.orders.actions.dispatch import dispatch_order  # noqa: PLC0415

    monkeypatch.setattr(rotation, "BATCH", 3)
    orders = [recorded() for _ in range(12)]
    from cast import BOB, lead  # noqa: PLC0415

    def work(index: int) -> object:
        if index == 0:
            return rotate_keys(keyring())
        for order in orders[index - 1 :: 3]:
            read_contact(order=order, purpose="clarify", actor=ALICE, now=LATER)
            dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=LATER, remark="请办")
        return index

    with both_keys:
        results = database.in_threads(4, work)
        assert [each for each in results if isinstance(each, Exception)] == []
        assert versions_in_use() == {2: 12}
        assert verify().clean


def run(database: LiveDatabase, keys: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jieban", "keys", *words],
        env=dict(database.environ) | {"JIEBAN_KEYS": keys, "LANG": "zh_CN.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands(database: LiveDatabase, tmp_path: Path) -> None:
    dispatched()
    new = run(database, KEYS, "new")
    assert new.returncode == 0
    line = new.stdout.strip()
    assert line.startswith("2:")
    keys = f"{KEYS},{line}"
    assert isinstance(load_keyring({"JIEBAN_KEYS": keys}), Keyring)
    assert run(database, keys, "retire", "1").returncode == 6
    rotated = run(database, keys, "rotate", "--json")
    assert json.loads(rotated.stdout) == {"orders": 1, "current": 2, "in_use": {"2": 1}, "chained": [1]}
    said = run(database, keys, "rotate")
    assert "第 1 版密钥" in said.stdout
    retired = run(database, keys, "retire", "1")
    assert retired.returncode == 0, retired.stderr
    file = tmp_path / "keys"
    file.write_text(f"# the first is retired\n{retired.stdout.strip()}\n{line}\n")
    file.chmod(0o600)
    environ = {key: value for key, value in database.environ.items() if key != "JIEBAN_KEYS"}
    done = subprocess.run(
        [sys.executable, "-m", "jieban", "audit", "verify"],
        env=environ | {"JIEBAN_KEYS_FILE": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert run(database, f"{retired.stdout.strip()},{line}", "new").stdout.startswith("3:")
    nobody = {key: value for key, value in os.environ.items() if not key.startswith("JIEBAN_")}
    first = subprocess.run(
        [sys.executable, "-m", "jieban", "keys", "new"],
        env=nobody,
        capture_output=True,
        text=True,
        check=True,
    )
    assert first.stdout.startswith("1:")
    assert generate_key_line(1) != first.stdout.strip()


@pytest.mark.parametrize("made", [True, False], ids=["by the shell", "not yet"])
def test_the_first_key_goes_into_the_file_that_the_setting_names(tmp_path: Path, made: bool) -> None:
    file = tmp_path / "keys"
    if made:
        file.touch(mode=0o600)
    nobody = {key: value for key, value in os.environ.items() if not key.startswith("JIEBAN_")}
    done = subprocess.run(
        [sys.executable, "-m", "jieban", "keys", "new"],
        env=nobody | {"JIEBAN_KEYS_FILE": str(file)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("1:")
