"""Evidence in object storage: S3 spoken to a server on this machine, which checks signatures as S3 does."""

import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from cast import (
    CARL,
    MINUTE,
    MONDAY,
    RUTH,
    dispatched,
    handler,
    lead,
    refused,
    reply,
    signed,
)
from django.conf import settings
from django.test import override_settings

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.errors import NotAllowed, StorageFailed
from jieban.orders.evidence.files import intact, opened, path_of, storage
from jieban.orders.evidence.upkeep import Fault, sweep, verify_evidence
from jieban.orders.jobs.retention import Swept, run_retention
from jieban.orders.models import Evidence
from jieban.people.city import city
from jieban.site.doctor import Level, examine

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 40 + b"\xff\xd9"
BUCKET = "evidence"
REGION = "us-east-1"
LONGEST_START = 60
SETTING_UP = 4  # requests below that come before anybody has a key
HOURS_LATER = timedelta(hours=2)

pytestmark = pytest.mark.usefixtures("db")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: its address and the key of the one who may use it."""

    url: str
    key: str
    secret: str

    def client(self, service: str = "s3") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
        )

    def options(self, **changes: object) -> dict[str, object]:
        return {
            "bucket_name": BUCKET,
            "endpoint_url": self.url,
            "region_name": REGION,
            "access_key": self.key,
            "secret_key": self.secret,
            "addressing_style": "path",
            **changes,
        }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(SETTING_UP)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield _set_up(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(LONGEST_START)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + LONGEST_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.1)
        else:
            return


def _set_up(url: str) -> Server:
    first = Server(url=url, key="nobody", secret="nothing")  # noqa: S106  # of a test's server
    first.client().create_bucket(Bucket=BUCKET)
    people = first.client("iam")
    people.create_user(UserName="jieban")
    may = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    people.put_user_policy(UserName="jieban", PolicyName="evidence", PolicyDocument=policy)
    key = people.create_access_key(UserName="jieban")["AccessKey"]
    return Server(url=url, key=key["AccessKeyId"], secret=key["SecretAccessKey"])


@contextmanager
def kept_in(options: dict[str, object]) -> Iterator[None]:
    backend = {"BACKEND": "jieban.orders.evidence.bucket.EvidenceBucket", "OPTIONS": options}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": backend}):
        yield


@pytest.fixture
def bucket(server: Server) -> Iterator[Any]:
    """Evidence is kept in an empty bucket; gives a client that looks into it beside Jieban."""
    client = server.client()
    for path in held(client):
        client.delete_object(Bucket=BUCKET, Key=path)
    with kept_in(server.options()):
        yield client


def held(client: Any) -> dict[str, bytes]:
    found = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {each["Key"]: client.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read() for each in found}


def attach(order: str, content: bytes = JPEG, **changes: Any) -> Evidence:
    attach_evidence(
        **{
            "order": order,
            "upload": Upload(stream=io.BytesIO(content), kind="photo_after"),
            "actor": handler(lead()),
            "now": MONDAY + 2 * MINUTE,
            "handling": 1,
            **changes,
        }
    )
    return Evidence.objects.filter(order__number=order).latest("serial")


def test_what_is_attached_lies_in_the_bucket_under_its_digest_and_once(bucket: Any) -> None:
    one = attach(signed())
    two = attach(signed())
    assert one.digest == two.digest
    assert held(bucket) == {path_of(one.digest): JPEG}
    with opened(one.digest) as stream:
        assert stream.read() == JPEG
    large = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + os.urandom(9 << 20) + b"\xff\xd9"
    kept = attach(signed(), large)  # several parts
    assert intact(kept.digest)
    assert held(bucket)[path_of(kept.digest)] == large


def test_what_is_gone_or_changed_in_the_bucket_is_told(bucket: Any) -> None:
    order = signed()
    kept = attach(order)
    assert verify_evidence().faults == ()
    bucket.put_object(Bucket=BUCKET, Key=path_of(kept.digest), Body=JPEG[:-1])
    assert verify_evidence().faults == (Fault(order=order, serial=1, digest=kept.digest, changed=True),)
    bucket.delete_object(Bucket=BUCKET, Key=path_of(kept.digest))
    assert verify_evidence().faults == (Fault(order=order, serial=1, digest=kept.digest, changed=False),)
    with pytest.raises(FileNotFoundError), opened(kept.digest):
        pass


@pytest.mark.parametrize("location", ["", "jieban/evidence"])
def test_what_nothing_names_is_swept_and_strange_objects_stay(
    bucket: Any, server: Server, location: str
) -> None:
    with kept_in(server.options(location=location)):
        kept, other = attach(signed()), dispatched()
        with refused(NotAllowed):
            attach(other, JPEG + b"\0", handling=None, actor=RUTH)
        strange = f"{location}/a.txt".lstrip("/")
        bucket.put_object(Bucket=BUCKET, Key=strange, Body=b"x")
        now = datetime.now(UTC)
        assert sweep(now).removed == 0, "all is young"
        done = sweep(now + HOURS_LATER)
        assert (done.removed, done.foreign) == (1, ("a.txt",))
        assert set(held(bucket)) == {f"{location}/{path_of(kept.digest)}".lstrip("/"), strange}
        assert sweep(now + HOURS_LATER).removed == 0


def test_retention_removes_the_object(bucket: Any) -> None:
    order = signed()
    attach(order)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=MONDAY + 3 * MINUTE)
    pass_review(order=order, handling=1, actor=RUTH, now=MONDAY + 4 * MINUTE)
    outcome = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
    record_callback(order=order, outcome=outcome, actor=CARL, now=MONDAY + 5 * MINUTE)
    close_order(order=order, actor=RUTH, now=MONDAY + 6 * MINUTE)
    rules = city().workflow.retention
    until = MONDAY + 6 * MINUTE + timedelta(days=max(rules.person_days, rules.evidence_days))
    assert len(held(bucket)) == 1
    assert run_retention(until) == Swept(orders=1, files=1)
    assert held(bucket) == {}


@pytest.fixture(params=["down", "wrong secret", "unknown key", "no bucket"])
def failing(request: pytest.FixtureRequest, server: Server) -> dict[str, object]:
    """The options of a storage that can't be used."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    changes: dict[str, dict[str, object]] = {
        "down": {"endpoint_url": nobody},
        "wrong secret": {"secret_key": "wrong"},
        "unknown key": {"access_key": "AKIAUNKNOWN"},
        "no bucket": {"bucket_name": "elsewhere"},
    }
    return server.options(**changes[request.param])


def test_a_storage_that_fails_refuses_the_act_and_nothing_is_written(
    failing: dict[str, object], bucket: Any
) -> None:
    order = signed()
    with kept_in(failing):
        with refused(StorageFailed) as caught:
            attach(order)
        assert "JIEBAN_EVIDENCE_STORAGE" in (caught.value.fix or "")
        found = {each.check: each.level for each in examine(datetime.now(UTC))}
        assert found["evidence"] is Level.FAULT
    assert held(bucket) == {}
    attach(order)
    assert len(held(bucket)) == 1


def test_a_storage_that_fails_in_the_middle_of_the_act_leaves_nothing_either(
    failing: dict[str, object], bucket: Any
) -> None:
    order = signed()
    upload = Upload(stream=_Then(JPEG, failing), kind="photo_after")
    try:
        with refused(StorageFailed):
            attach(order, upload=upload)
    finally:
        upload.stream.back()
    assert held(bucket) == {}


class _Then(io.BytesIO):
    """A stream at whose end the storage has become another."""

    def __init__(self, content: bytes, options: dict[str, object]) -> None:
        super().__init__(content)
        self._fails = kept_in(options)
        self._failing = False

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if not piece and not self._failing:
            self._fails.__enter__()
            self._failing = True
        return piece

    def back(self) -> None:
        self._fails.__exit__(None, None, None)


def test_verifying_and_sweeping_say_that_the_storage_fails_and_call_nothing_gone(
    failing: dict[str, object], bucket: Any
) -> None:
    kept = attach(signed())
    with kept_in(failing):
        for ask in (verify_evidence, lambda: sweep(datetime.now(UTC) + HOURS_LATER)):
            with pytest.raises(StorageFailed):
                ask()
    assert intact(kept.digest)
    assert len(held(bucket)) == 1


def test_a_class_that_can_not_be_loaded_is_told(db: None) -> None:
    del db
    backend = {"BACKEND": "jieban.orders.nowhere.Storage"}
    stored = override_settings(STORAGES={**settings.STORAGES, "evidence": backend})
    with stored, pytest.raises(StorageFailed, match="nowhere"):
        sweep(datetime.now(UTC))


def test_the_bucket_gives_up_a_silent_service_in_good_time(bucket: Any) -> None:
    del bucket
    patience = storage().client_config
    assert patience.connect_timeout + patience.read_timeout <= 40
    assert patience.retries["total_max_attempts"] == 2
