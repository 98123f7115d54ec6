"""A database in which everything stands that a page can show, and a browser for each of those who come to see it.

For tests of all pages at once: which are open to whom, whether every link leads somewhere, whether everybody can read
them. Everything is done by the acts and pages that do it in life; the clocks say `OPENED`.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from articles import PLAIN, published, submitted
from browsers import OPENED, signed_in
from cast import (
    ALICE,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    RUTH,
    SUE,
    dispatched,
    handled,
    handler,
    head,
    liaison,
    plain_type,
    recorded,
    replied,
    signed,
    units,
)
from citizens import Citizen
from django.contrib.auth.hashers import make_password
from django.test import Client
from PIL import Image

from jieban.desks.knowledge.articles.citing import cite
from jieban.desks.knowledge.articles.upkeep import object_to
from jieban.desks.month.count import count
from jieban.desks.search.models import SavedView
from jieban.desks.studio import acts as studio
from jieban.desks.studio.make import make_preview
from jieban.desks.studio.models import Draft, Step, Verdict, Version, VersionFile
from jieban.desks.studio.place import keep, preview
from jieban.desks.studio.preview import page_of
from jieban.indicators.period import Period
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import archive_order, close_order, publish_answer, reopen_order
from jieban.orders.actions.desk import answer_order, refuse_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.merge import merge_order
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.review import reject_review
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.actions.supervise import escalate_order, supervise_order, urge_order
from jieban.orders.actions.unreasonable import UnreasonableFile, declare_unreasonable, sign_as_head
from jieban.orders.engine.perform import Done
from jieban.orders.models import Order
from jieban.people.accounts import add_account
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.models import Account
from jieban.people.roles import Role
from live_database import override_settings, settings

APRIL = Period.month(2025, 4)
LATER = MONDAY + 5 * MINUTE
LONG_AGO = MONDAY - timedelta(days=27)
"""A day of office hours whose deadlines have all passed."""
FILLED_WITHIN = timedelta(minutes=10)
FOUND = 302
PASSWORD = "Straßenlaterne-42"  # noqa: S105  # of accounts that last for a test
"""Everybody's."""
SOUND = b"\xff\xfb\x90\x64" + bytes(range(256)) * 40
PAPER = b"%PDF-1.4\n1 0 obj"
_CONTENT = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
_NOT_CONTENT = Outcome(
    reached=True,
    contacted=True,
    resolved=False,
    satisfaction=Satisfaction.DISSATISFIED,
    remark="路灯又坏了",
)


@dataclass(frozen=True, kw_only=True)
class House:
    """What stands there: numbers of orders by what is special about them, browsers by who sits before them.

    `lead` has the orders in hand, `helper` helps with some of them, `foreign` has none of them.
    """

    lead: str
    helper: str
    foreign: str
    environ: Mapping[str, str]
    orders: dict[str, str] = field(default_factory=dict)
    people: dict[str, Client] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)
    views: dict[str, int] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)

    @property
    def boxes(self) -> tuple[str, ...]:
        """The city's mailboxes; not every city has some."""
        return tuple(city().mailboxes)


@contextmanager
def opened_for_visitors(directory: Path) -> Iterator[None]:
    """Pages as conftest's fixture has them for one test, for a fixture of several."""
    directory.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=str(directory),
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        # Each test begins at `OPENED` again, however long the filling took: nothing was done after that.
        JIEBAN_CLOCK_SHIFT=OPENED - FILLED_WITHIN - datetime.now(UTC),
        ALLOWED_HOSTS=["testserver", "127.0.0.1"],
        JIEBAN_TWO_STEP_ROLES=frozenset(),
    ):
        yield


@contextmanager
def house_in(name: str, opened: Any, directory: Path) -> Iterator[House]:
    """A full house in a city, in a database of its own (`open_database`'s), until the block ends."""
    with ExitStack() as stack:
        stack.enter_context(override_settings(JIEBAN_PROFILE=name))
        live = stack.enter_context(opened)
        stack.enter_context(opened_for_visitors(directory))
        yield full_house(live.environ)


def full_house(environ: Mapping[str, str]) -> House:
    """Fill the database; `environ` is how another process comes to it."""
    lead, helper, foreign = units(3)
    house = House(lead=lead, helper=helper, foreign=foreign, environ=environ)
    _people(house)
    _orders(house)
    _asked(house)
    _ended(house)
    _evidence(house)
    _citizens(house)
    count(APRIL, OPENED)
    _reports(house)
    _views(house)
    _articles(house)
    return house


def _people(house: House) -> None:
    # In the order of the cast's keys, so that those who acted are called what they are.
    for role in (
        *(Role.OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK_AGENT),
        *(Role.SUPERVISOR, Role.LEADER, Role.ANALYST, Role.ADMINISTRATOR),
    ):
        house.people[role.value] = signed_in(role)
    for role in (Role.LIAISON, Role.HANDLER, Role.HEAD):
        house.people[role.value] = signed_in(role, house.lead)
        house.people[f"foreign {role.value}"] = signed_in(role, house.foreign)
    house.people["helper"] = signed_in(Role.LIAISON, house.helper)
    add_account(username="jobless", display_name="没有岗位的人", now=OPENED)
    house.people["jobless"] = Client()
    # One hash for all of them: hashing takes long, as it should.
    Account.objects.update(password=make_password(PASSWORD))
    for account in Account.objects.all():
        house.people[_column(house, account)].force_login(
            account, backend=settings.AUTHENTICATION_BACKENDS[0]
        )
        house.people[_column(house, account)].get("/desk/live/")  # whose sign-in is new is noted
    house.people["stranger"] = Client()


def _column(house: House, account: Account) -> str:
    """By which name an account's browser is known."""
    post = account.posts.first()
    if post is None:
        return "jobless"
    if post.unit is None or post.unit == house.lead:
        return str(post.role)
    return "helper" if post.unit == house.helper else f"foreign {post.role}"


def _orders(house: House) -> None:
    sent = partial(signed, to=house.lead)
    house.orders.update(
        {
            "new": recorded(),
            "sent": dispatched(to=house.lead, assisting=[house.helper]),
            "own": signed(to=house.lead, assisting=[house.helper]),
            "sealed": sent(confidential=True),
            "nameless": sent(anonymous=True),
            "late": sent(now=LONG_AGO),
            "unsigned": dispatched(to=house.lead, now=LONG_AGO),
            "undispatched": recorded(now=LONG_AGO),
            "replied": replied(to=house.lead),
            "handled": handled(to=house.lead),
            "foreign": signed(to=house.foreign),
        }
    )
    if city().mailboxes:
        box = next(iter(city().mailboxes.values()))
        topic = next(iter(city().schemes[box.scheme]))
        house.orders["letter"] = recorded(mailbox=box.code, topic=topic)
    urge_order(order=house.orders["late"], actor=SUE, now=LATER, remark="请尽快办理")
    supervise_order(order=house.orders["late"], actor=SUE, now=LATER, reason="超期未办结")
    escalate_order(order=house.orders["late"], actor=SUE, now=LATER, reason="多次催办未果")


def _asked(house: House) -> None:
    speaker = liaison(house.lead)
    for name in ("paused", "return", "extension", "unreasonable", "unsigned file", "sent back"):
        make = replied if name == "sent back" else signed
        house.orders[name] = make(to=house.lead)
    one: dict[str, Any] = {"handling": 1, "now": LATER}
    worker = handler(house.lead)
    pause_handling(order=house.orders["paused"], reason="请补充具体楼号", actor=worker, **one)
    ask_return(order=house.orders["return"], reason="不属本单位职责", actor=speaker, **one)
    ask_extension(order=house.orders["extension"], days=2, reason="等配件", actor=speaker, **one)
    file = UnreasonableFile(
        ground=city().workflow.unreasonable_grounds[0].code,
        inquiry="现场查看，路灯完好。",
        policy="城市照明管理规定第二十条",
    )
    for name in ("unreasonable", "unsigned file"):
        _bring(house, name, PAPER, "document", worker, 1)
        declare_unreasonable(order=house.orders[name], file=file, actor=worker, **one)
    signs: dict[str, Any] = {"actor": head(house.lead), "handling": 1, "now": LATER + MINUTE}
    sign_as_head(order=house.orders["unreasonable"], **signs)
    reject_review(order=house.orders["sent back"], reason="没有说明何时修好", actor=RUTH, **one)


def _ended(house: House) -> None:
    for name in ("closed", "unhappy", "reopened", "not reached", "published", "archived"):
        house.orders[name] = number = handled(to=house.lead)
        outcome = {"unhappy": _NOT_CONTENT, "reopened": _NOT_CONTENT, "not reached": Outcome(reached=False)}
        record_callback(order=number, outcome=outcome.get(name, _CONTENT), actor=CARL, now=LATER)
    for name in ("closed", "published", "archived"):
        close_order(order=house.orders[name], actor=CARL, now=LATER + MINUTE)
    reopen_order(order=house.orders["reopened"], reason="诉求人不满意", actor=CARL, now=LATER + MINUTE)
    publish_answer(order=house.orders["published"], published=True, actor=RUTH, now=LATER + 2 * MINUTE)
    archive_order(order=house.orders["archived"], actor=RUTH, now=LATER + 2 * MINUTE)
    for name in ("answered", "refused", "main", "merged", "split"):
        house.orders[name] = recorded()
    said = "请持身份证到窗口办理，现场办结，不收费用。" * 3
    answer_order(order=house.orders["answered"], answer=said, actor=ALICE, now=LATER)
    ground = city().workflow.refusal_grounds[0].code
    refuse_order(order=house.orders["refused"], ground=ground, explanation=said, actor=ALICE, now=LATER)
    into = {"into": house.orders["main"], "reason": "同一件事", "actor": BOB, "now": LATER}
    merge_order(order=house.orders["merged"], **into)
    topic = next(iter(city().order_topics))
    parts = [SplitPart(request_type=plain_type(), topic=topic, summary=each) for each in ("路灯", "井盖")]
    split = split_order(order=house.orders["split"], parts=parts, actor=BOB, now=LATER)
    house.orders["part"] = split.children[0]


def picture(shade: int = 200, *, position: bool = False) -> bytes:
    """A photo; another shade is another file."""
    written, exif = io.BytesIO(), Image.Exif()
    if position:
        exif.get_ifd(0x8825).update({1: "N", 2: (44.0, 1.0, 12.0), 3: "E", 4: (87.0, 18.0, 0.0)})
    Image.new("RGB", (320, 240), (shade, 60, 60)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def _evidence(house: House) -> None:
    """The own order's: 1 and 2 are the lead's, 3 and 4 the order's; those of the sealed one are the order's."""
    worker = handler(house.lead)
    brought: tuple[tuple[str, bytes, str, Actor, int | None], ...] = (
        ("own", picture(1), "photo_before", worker, 1),
        ("own", picture(2), "photo_after", worker, 1),
        ("own", picture(3), "photo_before", ALICE, None),
        ("own", SOUND, "call_recording", ALICE, None),
        ("own", PAPER, "document", worker, 1),
        ("sealed", picture(4, position=True), "photo_before", ALICE, None),
        ("sealed", SOUND, "call_recording", ALICE, None),
        ("replied", picture(5), "photo_after", worker, 1),
    )
    for each in brought:
        _bring(house, *each)


def _bring(  # noqa: PLR0917  # rows of a table
    house: House, name: str, content: bytes, kind: str, actor: Actor, serial: int | None
) -> None:
    upload = Upload(stream=io.BytesIO(content), kind=kind)
    attach_evidence(order=house.orders[name], upload=upload, actor=actor, now=LATER, handling=serial)


def _citizens(house: House) -> None:
    """Two who filed on the web, each with their own order in the telephone; and one who called."""
    for name, phone in (("citizen", "139 0000 0002"), ("another citizen", "139 0000 0003")):
        citizen = Citizen()
        house.orders[f"of {name}"] = citizen.file(phone=phone)
        house.people[name] = citizen.browser
    house.people["caller"] = Client()
    found = Citizen(browser=house.people["caller"]).find(house.orders["handled"], "13900000001")
    if found.status_code != FOUND:
        raise ValueError("whoever left their number follows the order by it")


def _reports(house: House) -> None:
    """A published month, another on its way; each step by who may take it."""
    maker, judge = (Account.objects.get(username=name) for name in (Role.ANALYST.value, Role.LEADER.value))
    analyst = Actor(account=maker.pk, name=maker.username, posts=frozenset({(Role.ANALYST, None)}))
    leader = Actor(account=judge.pk, name=judge.username, posts=frozenset({(Role.LEADER, None)}))
    # Not by `studio.begin`, which has a process of its own do the long work.
    draft = Draft.objects.create(period=APRIL.code, made_by=analyst.ref, made_at=OPENED)
    Step.objects.create(draft=draft, what="begin", by=analyst.ref, at=OPENED)
    make_preview(str(draft.pk), by=analyst.ref, now=OPENED)
    studio.propose(draft.pk, remark="请审", actor=analyst, now=OPENED)
    studio.judge(draft.pk, Verdict.APPROVED, remark="", actor=leader, now=OPENED)
    version = _published(draft, by=analyst, judged=leader)
    again = Draft.objects.create(
        period=APRIL.code, made_by=analyst.ref, made_at=OPENED, corrects=version, correction="补计一件工单"
    )
    Step.objects.create(draft=again, what="begin", by=analyst.ref, at=OPENED)
    make_preview(str(again.pk), by=analyst.ref, now=OPENED)
    house.reports.update(published=draft.pk, open=again.pk)
    house.reports["version file"] = VersionFile.objects.get(edition="internal").pk


def _published(draft: Draft, *, by: Actor, judged: Actor) -> Version:
    """Published with its web page alone, which is there: the other forms take longer than all the rest."""
    serial = draft.edits.latest("serial").serial
    version = Version.objects.create(
        period=draft.period,
        number=1,
        draft=draft,
        edit=serial,
        title="2025年4月分析报告",
        issued=OPENED,
        published_by=by.ref,
        approved_by=judged.ref,
        snapshot=Draft.objects.get(pk=draft.pk).snapshot,
    )
    for edition in ("public", "internal"):
        page = page_of(preview(draft.pk, serial), edition)
        size, copy = page.stat().st_size, page.with_suffix(".copy")
        copy.write_bytes(page.read_bytes())
        VersionFile.objects.create(
            version=version, edition=edition, form="html", digest=keep(copy), size=size
        )
    Draft.objects.filter(pk=draft.pk).update(stage="published")
    return version


def _articles(house: House) -> None:
    """One that holds, is cited and objected to, and one that waits for a second person; both are the lead's."""
    topic = next(iter(city().order_topics))
    due = OPENED.date() + timedelta(days=20)
    held = published(
        unit=house.lead, topics=(topic,), public=True, confirm_by=due, body=f"{PLAIN.body}\n第二次修改。"
    )
    if held.published_id is None:
        raise ValueError("what was published holds")
    answer = Order.objects.get(number=house.orders["answered"])
    cite(Done(order=answer.number, seq=answer.answer_in or 0), (held.published_id,), actor=ALICE, now=LATER)
    objection = object_to(held.pk, text="电话换了。", actor=ALICE, now=OPENED)
    waiting = submitted(replace(PLAIN, title="路灯不亮找谁修", unit=house.lead))
    house.articles.update(held=held.pk, waiting=waiting.pk, objection=objection.pk)


def _views(house: House) -> None:
    for name in ("dispatcher", "liaison-" + house.lead.lower()):
        account = Account.objects.get(username=name[:32])
        view = SavedView.objects.create(account=account, name="我的路灯", query="q=路灯")
        house.views[name.partition("-")[0]] = view.pk
