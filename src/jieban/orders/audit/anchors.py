"""Daily anchors: a file a day outside the database that vouches for the chains as they were (ruling 10).

A file is JSON lines. The first is the head: form, day, when it was made, the seal of the anchor before, from which and
up to which event it goes (ids of rows), how many orders there were, the version of the key. Then a line
`[number, seq, digest]` for every order that changed since the anchor before. The last line is the seal: how many
entries, and the HMAC-SM3 of all lines before it. Each file holds the seal of the one before, so that none can be taken
from between; the database remembers the days, so that the newest can't be taken away in silence either.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef

from jieban.kernel.digest import canonical_json
from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.kernel.keyring import BadKeys, Keyring
from jieban.orders.chain import stamp
from jieban.orders.models import Anchor, Event, Order
from jieban.people.city import city
from jieban.people.keys import keyring

FORM: Final = 1
PURPOSE: Final = "anchor"
_SUFFIX: Final = ".jsonl"
_CHUNK: Final = 2000


class BadAnchor(JiebanError):
    """An anchor file that is not as it was written, or that doesn't follow the one before."""

    code = "orders.bad_anchor"
    exit_code = Exit.CHECK_FAILED


@dataclass(frozen=True, kw_only=True, slots=True)
class AnchorHead:
    """What an anchor says of itself. `seal` is its own, `previous` that of the anchor before, empty for the first."""

    day: date
    path: Path
    previous: str
    after: int
    through: int
    orders: int
    made_at: datetime
    seal: str
    entries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An order's chain as it stood: the digest of its event `seq`."""

    number: str
    seq: int
    digest: str


def anchor_path(directory: Path, day: date) -> Path:
    """The file of a day."""
    return directory / f"{day.isoformat()}{_SUFFIX}"


def anchor_files(directory: Path) -> list[tuple[date, Path]]:
    """The anchor files there are, the oldest first; other files are not looked at."""
    found = []
    for path in directory.glob(f"*{_SUFFIX}") if directory.is_dir() else ():
        try:
            found.append((date.fromisoformat(path.name.removesuffix(_SUFFIX)), path))
        except ValueError:
            continue
    return sorted(found)


def make_anchor(directory: Path, now: datetime) -> Path:
    """Write the anchor of the city's day of `now`, once: the second time that day changes nothing.

    Raises BadAnchor when what is there is not what was written, or the newest anchor is missing.
    """
    day = city().clock.local_date(now)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    last = _last(directory)
    path = anchor_path(directory, day)
    if last is not None and last.day >= day:
        return last.path
    through, orders = _now(last)
    said = {
        "form": FORM,
        "day": day.isoformat(),
        "made_at": stamp(now),
        "previous": last.seal if last else "",
        "after": last.through if last else 0,
        "through": through,
        "orders": orders,
        "key_version": keyring().current,
    }
    _write(path, said, _changed(last.through if last else 0, through))
    _remember(read_anchor(path, keyring()))
    return path


def _last(directory: Path) -> AnchorHead | None:
    """The newest anchor, after those before it were looked at; the database learns of what it had missed."""
    last: AnchorHead | None = None
    for head in read_anchors(directory, keyring()):
        last = head
    known = Anchor.objects.order_by("-day").first()
    if known is not None and (last is None or last.day < known.day):
        raise BadAnchor(
            tr("{day} 的锚定文件不见了。", day=known.day.isoformat()),
            where=Where(file=str(anchor_path(directory, known.day))),
            fix=tr("请从外部备份放回后再锚定,并运行 jieban audit verify。"),
        )
    if last is not None and (known is None or known.day < last.day):
        # Killed after the file was written, before the database knew.
        _remember(last)
    return last


def _remember(head: AnchorHead) -> None:
    Anchor.objects.get_or_create(
        day=head.day,
        defaults={
            "made_at": head.made_at,
            "through": head.through,
            "orders": head.orders,
            "seal": head.seal,
        },
    )


def _now(last: AnchorHead | None) -> tuple[int, int]:
    """Up to which event everything is committed, and how many orders there are."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # Waits for those who write, holds them for these two counts: ids are given out before they are committed.
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE orders_event IN SHARE MODE")
        through = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        return max(through, last.through if last else 0), Order.objects.count()


def _write(path: Path, head: Mapping[str, object], changed: Iterable[Entry]) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    code = hmac.HMAC(keyring().derive(PURPOSE), hashes.SM3())
    count = 0
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            _put(stream, code, head)
            for entry in changed:
                _put(stream, code, [entry.number, entry.seq, entry.digest])
                count += 1
            stream.write(canonical_json({"entries": count, "seal": code.finalize().hex()}) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        # A link, unlike a rename, never replaces what somebody else has written in the meantime.
        os.link(new, path)
    except FileExistsError:
        # Both made the same; whoever was first has it.
        pass
    finally:
        new.unlink(missing_ok=True)
    _sync(path.parent)


def _put(stream: IO[bytes], code: hmac.HMAC, line: object) -> None:
    data = canonical_json(line) + b"\n"
    code.update(data)
    stream.write(data)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _changed(after: int, through: int) -> Iterator[Entry]:
    later = Event.objects.filter(order=OuterRef("order"), seq__gt=OuterRef("seq"), pk__lte=through)
    found = (
        Event.objects.filter(~Exists(later), pk__gt=after, pk__lte=through)
        .order_by("pk")
        .values_list("order__number", "seq", F("digest"))
    )
    for number, seq, digest in found.iterator(chunk_size=_CHUNK):
        yield Entry(number=number, seq=seq, digest=digest)


def read_anchors(directory: Path, ring: Keyring) -> Iterator[AnchorHead]:
    """The anchors, the oldest first, each looked at whole. Raises BadAnchor at the first that isn't whole."""
    last: AnchorHead | None = None
    for day, path in anchor_files(directory):
        head = read_anchor(path, ring)
        if head.day != day or not follows(head, last):
            raise BadAnchor(
                tr("锚定文件与前一份不相接。"),
                where=Where(file=str(path)),
                fix=tr("请从外部备份核对 {directory} 中的文件。", directory=str(directory)),
            )
        last = head
        yield head


def follows(head: AnchorHead, last: AnchorHead | None) -> bool:
    """Whether an anchor comes right after `last`, or begins them all."""
    if last is None:
        return not head.previous and head.after == 0
    return head.previous == last.seal and head.after == last.through


def read_anchor(path: Path, ring: Keyring) -> AnchorHead:
    """A file's head, once its seal was found to hold. Reads it line by line. Raises BadAnchor."""
    with _faults(path), path.open("rb") as stream:
        first = stream.readline()
        head = json.loads(first)
        code = hmac.HMAC(ring.derive(PURPOSE, int(head["key_version"])), hashes.SM3())
        count, line = -1, first
        for after in stream:
            code.update(line)
            line, count = after, count + 1
        told = json.loads(line)
        code.verify(bytes.fromhex(told["seal"]))
        if head["form"] != FORM or told["entries"] != count or canonical_json(told) + b"\n" != line:
            raise ValueError("another form, or another count")
        return AnchorHead(
            day=date.fromisoformat(head["day"]),
            path=path,
            previous=head["previous"],
            after=head["after"],
            through=head["through"],
            orders=head["orders"],
            made_at=datetime.fromisoformat(head["made_at"]),
            seal=told["seal"],
            entries=count,
        )


def entries(head: AnchorHead) -> Iterator[Entry]:
    """The entries of an anchor that `read_anchor` has found whole."""
    with _faults(head.path), head.path.open("rb") as stream:
        stream.readline()
        for _, line in zip(range(head.entries), stream, strict=False):
            number, seq, digest = json.loads(line)
            yield Entry(number=number, seq=seq, digest=digest)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (BadKeys, InvalidSignature, AttributeError, KeyError, TypeError, ValueError) as fault:
        raise BadAnchor(
            tr("锚定文件被改动过、不完整,或缺少它那一版密钥。"),
            where=Where(file=str(path)),
            fix=tr("请从外部备份放回原件,并查明是谁改动的。"),
        ) from fault


def known_days() -> dict[date, str]:
    """The seals of the anchors that the database remembers, by day."""
    return dict(Anchor.objects.order_by("day").values_list("day", "seal"))
