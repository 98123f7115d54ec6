"""The open pages: filing, following, answering, rating, in both cities, without an account and without scripts."""

import re
from dataclasses import replace

import pytest
from cast import (
    BOB,
    MONDAY,
    RUTH,
    footprint,
    handled,
    handler,
    lead,
    liaison,
    plain_type,
    recorded,
    reply,
    row,
    words,
)
from citizens import PHONE, Citizen, photo
from django.test import Client

from jieban.desks.citizen.filing import Filing, topic_of
from jieban.desks.citizen.forms import FilingForm
from jieban.desks.shell.moment import now
from jieban.orders.actions.desk import answer_order, refuse_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.models import Callback, Evidence, Handling, Order
from jieban.people.city import city, serving
from jieban.people.roles import POST_ROLES, UNIT_ROLES

pytestmark = pytest.mark.django_db
OPEN = ("/", "/file/", "/my/", "/answers/")


@pytest.mark.usefixtures("each_city")
@pytest.mark.parametrize("path", OPEN)
def test_open_pages_need_nobody_and_name_the_hotline(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'href="tel:12345"' in text
    assert "<script>" not in text
    assert " style=" not in text


def test_open_pages_are_open_to_whoever_is_signed_in_too(sign_in: object) -> None:
    for role in POST_ROLES:
        browser = sign_in(role, lead() if role in UNIT_ROLES else None)  # type: ignore[operator]  # a fixture
        assert [browser.get(path).status_code for path in OPEN] == [200] * len(OPEN), role


@pytest.mark.usefixtures("each_city")
def test_a_life_from_filing_to_the_rating() -> None:
    citizen = Citizen()
    number = citizen.file(kind=plain_type(), photos=[photo()])
    order = row(number)
    assert order.requester is not None
    assert order.recorded_by == order.requester
    assert order.channel == city().workflow.online.channel
    assert Evidence.objects.filter(order=order, handling=None).count() == 1
    assert "已收到" in citizen.page(number)

    at = now()
    dispatch_order(order=number, to=Assignment(lead=lead()), actor=BOB, now=at)
    assert "已转办" in citizen.page(number)
    sign_handling(order=number, handling=1, actor=liaison(lead()), now=at)
    assert "正在办理" in citizen.page(number)

    pause_handling(order=number, handling=1, reason="请说明是哪一盏灯", actor=handler(lead()), now=at)
    page = citizen.page(number)
    assert "等您补充" in page
    assert page.count("请说明是哪一盏灯") == 1
    given = {"handling": "1", "remark": "东门外第二盏", "photos": [photo("blue")]}
    assert citizen.browser.post(f"/my/{number}/supplement/", given).status_code == 302
    assert Handling.objects.get(order=order).state == "handling"
    assert words(number)["remark"] == "东门外第二盏"
    page = citizen.page(number)
    assert page.index("请说明是哪一盏灯") < page.index("东门外第二盏"), "what was asked and answered stays"

    at = now()
    reply_to_order(order=number, handling=1, reply=reply(), actor=handler(lead()), now=at)
    assert "更换灯具" not in citizen.page(number)  # not before it is reviewed
    pass_review(order=number, handling=1, actor=RUTH, now=at)
    page = citizen.page(number)
    assert "更换灯具" in page
    assert "请您评价" in page
    given = {"contacted": "yes", "resolved": "yes", "satisfaction": "satisfied", "remark": "谢谢"}
    assert citizen.browser.post(f"/my/{number}/rate/", given).status_code == 302
    order = row(number)
    assert (order.called_back, order.contacted, order.resolved) == (True, True, True)
    assert order.satisfaction == "satisfied"
    assert "请您评价" not in citizen.page(number)
    assert citizen.browser.post(f"/my/{number}/rate/", given).status_code == 409
    assert Callback.objects.filter(order=order).count() == 1


@pytest.mark.usefixtures("each_city")
@pytest.mark.usefixtures("each_city")
def test_a_street_with_which_the_address_begins_is_told_once() -> None:
    code, street = next((each.code, each.short_name) for each in city().streets.valid_on(MONDAY.date()))
    citizen = Citizen()
    named = citizen.page(citizen.file(street=code, address=f"{street}幸福社区7号"))
    assert f"{street}幸福社区7号" in named
    assert named.count(street) == 1
    assert f"{street} 幸福社区8号" in citizen.page(citizen.file(street=code, address="幸福社区8号"))


def test_a_form_that_is_sent_twice_is_one_order() -> None:
    citizen = Citizen()
    given = citizen.filled(photos=[photo()])
    assert citizen.send(given).status_code == 302
    given["photos"] = [photo()]
    assert citizen.send(given).status_code == 302
    assert Order.objects.count() == 1
    assert Evidence.objects.count() == 1
    assert "已经收到过" in citizen.told()["page"]


def test_who_stays_anonymous_follows_by_the_code_alone() -> None:
    citizen = Citizen()
    number = citizen.file(anonymous="on", phone="", name="")
    code = citizen.told()["code"]
    assert code
    assert row(number).anonymous
    again = Citizen()
    assert again.find(number, PHONE).status_code == 422
    assert again.find(number, code.lower().replace("-", " ")).headers["Location"] == f"/my/{number}/"
    assert "路灯" in again.page(number)
    kept = str(footprint())
    assert number in kept
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_an_anonymous_form_sent_twice_tells_the_same_code() -> None:
    citizen = Citizen()
    given = citizen.filled(anonymous="on", phone="")
    citizen.send(given)
    first = citizen.told()
    citizen.send(given)
    assert citizen.told()["code"] == first["code"]


@pytest.mark.usefixtures("each_city")
def test_a_caller_follows_what_the_operator_took_down() -> None:
    number = recorded()
    citizen = Citizen()
    for said in (number, number.lower(), " ".join(number), f" {number[:4]}-{number[4:]} "):
        answer = citizen.find(said, "+86 139 0000 0001")
        assert answer.status_code == 302, said
        assert answer.headers["Location"] == f"/my/{number}/"
    assert "路灯" in citizen.page(number)
    assert citizen.browser.post(f"/my/{number}/urge/", {"remark": "请快一点"}).status_code == 302
    assert row(number).urged == 1
    answer = citizen.browser.post(f"/my/{number}/urge/", {})
    assert answer.status_code == 422
    assert "今天已经催过" in answer.content.decode()
    assert row(number).urged == 1


def test_a_number_that_none_of_ours_looks_like_may_be_an_old_one() -> None:
    answer = Citizen().find(recorded() + "47", "13911112222")
    assert answer.status_code == 422
    assert "也许抄错了" in answer.content.decode()
    assert "早先登记的可能不是这样" in answer.content.decode()
    assert "也许抄错了" not in Citizen().find(recorded(), "13911112222").content.decode()


def test_no_answer_tells_whether_a_number_is_there() -> None:
    there = recorded()
    absent = city().workflow.numbering.make(now().date(), 987)
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    said = []
    for number in (there, absent):
        answer = Citizen().find(number, "13911112222")
        assert answer.status_code == 422
        said.append(token.sub("", answer.content.decode()).replace(number, "N"))
    assert said[0] == said[1]
    stranger = Citizen()
    stranger.file()
    for number in (there, absent):
        shown = stranger.browser.get(f"/my/{number}/")
        assert (shown.status_code, shown.headers["Location"]) == (302, "/my/")
        for name in ("urge", "rate", "supplement", "photos"):
            given = {"handling": "1", "remark": "…", "contacted": "yes", "resolved": "yes"}
            given |= {"satisfaction": "satisfied"}
            done = stranger.browser.post(f"/my/{number}/{name}/", given)
            assert (done.status_code, done.headers.get("Location")) == (302, "/my/"), name
    assert row(there).urged == 0
    assert row(there).events == 1


def test_wrong_tries_are_limited_for_a_number_whether_it_is_there_or_not() -> None:
    there = recorded()
    absent = city().workflow.numbering.make(now().date(), 987)
    for number in (there, absent):
        got = [Citizen().find(number, f"1391111{place:04}").status_code for place in range(8)]
        assert got == [422] * 6 + [429] * 2
    # Not even the right number leads on, once so many were wrong.
    assert Citizen().find(there, "13900000001").status_code == 429


def test_right_tries_are_not_counted() -> None:
    number = recorded()
    assert {Citizen().find(number, "13900000001").status_code for _ in range(10)} == {302}


def test_so_many_from_one_telephone_number_and_no_more() -> None:
    got = [Citizen().send(Citizen().filled()).status_code for _ in range(7)]
    assert got == [302] * 5 + [422] * 2
    assert Order.objects.count() == 5


def test_so_many_from_one_address_and_no_more() -> None:
    got = [Citizen().send(Citizen().filled(phone=f"1390000{place:04}")).status_code for place in range(32)]
    assert got == [302] * 30 + [422] * 2
    other = Citizen(Client(REMOTE_ADDR="192.0.2.7"))
    other.file(phone="13900009999")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answer": "99"}, "还差一步"),
        ({"answer": ""}, "还差一步"),
        ({"nonce": "1", "answer": ""}, "还差一步"),
        ({"form": "nonsense"}, "打开得太久"),
        ({"website": "http://spam.example"}, "没有收下"),
        ({"content": ""}, "请写明发生了什么事"),
        ({"content": "灯"}, "至少五个字"),
        ({"phone": ""}, "请留一个电话"),
        ({"phone": "12ab"}, "7 至 15 位"),
        ({"phone": "139 1234 567"}, "手机号是 11 位，现在有 10 位"),
        ({"phone": "139 1234 56789"}, "手机号是 11 位，现在有 12 位"),
        ({"agree": ""}, "请先同意"),
        ({"kind": "nonsense"}, "需要改一下"),
        ({"street": "nonsense"}, "需要改一下"),
        ({"content": "有\x00空字符的文字"}, "需要改一下"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(changes: dict[str, str], says: str) -> None:
    citizen = Citizen()
    answer = citizen.send(citizen.filled(**changes))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    if "content" not in changes:
        assert "路灯三天不亮" in text
    assert not Order.objects.exists()


def test_what_is_too_long_is_said_and_nothing_of_it_is_cut_off() -> None:
    citizen = Citizen()
    page = citizen.browser.get("/file/").content.decode()
    assert "maxlength" not in re.findall(r"<textarea[^>]*name=\"content\"[^>]*>", page)[0]
    answer = citizen.send(citizen.filled(content="太" * 4321))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "最多 4000 个字，现在有 4321 个。" in text
    assert "太" * 4321 in text


@pytest.mark.parametrize("phone", ["0994-2345678", "2345678", "12345678901", "+86 13912345678"])
def test_numbers_of_all_kinds_are_taken(phone: str) -> None:
    citizen = Citizen()
    assert citizen.send(citizen.filled(phone=phone)).status_code == 302


def test_the_work_of_a_browser_stands_for_the_sum() -> None:
    import hashlib  # noqa: PLC0415  # an independent count of the bits

    citizen = Citizen()
    page = citizen.browser.get("/file/").content.decode()
    form = re.search(r'data-id="([^"]+)"', page).group(1)  # type: ignore[union-attr]  # every form has one
    token = re.search(r'name="form" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]  # as above
    nonce = next(
        n
        for n in range(10**6)
        if bin(int(hashlib.sha256(f"{form}:{n}".encode()).hexdigest(), 16) + (1 << 256))[3:].startswith(
            "0" * 13
        )
    )
    given = citizen.filled() | {"form": token, "nonce": str(nonce), "answer": ""}
    assert citizen.send(given).status_code == 302


@pytest.mark.usefixtures("each_city")
def test_a_report_is_confidential_without_being_asked() -> None:
    kind = next(code for code, each in city().request_types.items() if each.confidential)
    assert row(Citizen().file(kind=kind)).confidential


def test_a_file_that_is_no_photo_is_refused_kindly_and_the_request_stands() -> None:
    from io import BytesIO  # noqa: PLC0415  # only here

    citizen = Citizen()
    bad = BytesIO(b"<html><script>alert(1)</script></html>")
    bad.name = "photo.jpg"
    number = citizen.file(photos=[photo(), bad])
    told = citizen.told()["page"]
    assert "收下照片 1 张" in told
    assert re.search(r"第 2 张没有收下[:：]只收照片[（(]jpg、", told)
    assert "办理前" not in told, "the office's word for it"
    assert Evidence.objects.filter(order__number=number).count() == 1
    answer = citizen.browser.post(f"/my/{number}/photos/", {"photos": [bad]})
    assert answer.status_code == 422
    assert citizen.browser.post(f"/my/{number}/photos/", {"photos": [photo("blue")]}).status_code == 302
    assert citizen.browser.post(f"/my/{number}/photos/", {}).status_code == 422


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    answer = Client().post("/file/", {}, CONTENT_LENGTH=str(2 << 30))
    assert answer.status_code == 413
    assert "回首页" in answer.content.decode()


@pytest.mark.usefixtures("each_city")
def test_asking_again_is_a_new_order_beside_the_old_one() -> None:
    number = handled()
    citizen = Citizen()
    citizen.find(number, "13900000001")
    assert f"/file/?again={number}" in citizen.page(number)
    again = citizen.file(f"/file/?again={number}", phone="13900000001", content="灯又坏了,还是那一盏。")
    order = row(again)
    assert order.repeat_of == row(number)
    assert again in citizen.page(number)
    assert Citizen().find(again, "13900000001").status_code == 302
    # A stranger's is simply a new one.
    assert row(Citizen().file(f"/file/?again={number}")).repeat_of is None


def test_letters_go_to_mailboxes_that_are_there() -> None:
    for code, box in city().mailboxes.items():
        topic = next(iter(city().schemes[box.scheme]))
        number = Citizen().file(f"/mailbox/{code}/", topic=topic)
        order = row(number)
        assert (order.mailbox, order.channel, order.topic) == (code, code, topic)
        assert f"/mailbox/{code}/" in Client().get("/").content.decode()
    assert Client().get("/mailbox/nobody/").status_code == 404


def test_a_letter_whose_topic_nobody_says_is_asked_about_and_never_put_anywhere() -> None:
    for code, box in city().mailboxes.items():
        writer, path = Citizen(), f"/mailbox/{code}/"
        filled = writer.filled(path, content="盼望领导多关心我们村。")
        answer = writer.send(filled, path)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "请选最接近的一项。" in page
        assert "盼望领导多关心我们村。" in page
        assert not Order.objects.exists()
        topics = city().topics
        first = next(each for each in topics if each.scheme == box.scheme)
        others = replace(first, code="others", name="其他", last=True, subtopics=())
        with serving(replace(city(), topics=(*topics, others))):
            assert not FilingForm(now=MONDAY, mailbox=box).fields["topic"].required
            filing = Filing(given={"topic": "", "content": "盼望"}, form="", mailbox=box, again=None)
            assert topic_of(filing, MONDAY) == ("others", None)


def test_a_city_without_mailboxes_has_no_such_page(each_city: str) -> None:
    answer = Client().get("/mailbox/mayor/")
    assert answer.status_code == (200 if each_city == "changji" else 404)
    assert ("/mailbox/" in Client().get("/").content.decode()) == (each_city == "changji")


@pytest.mark.usefixtures("each_city")
def test_words_tell_the_topic() -> None:
    topic = next(each for each in city().order_topics.values() if each.subtopics and not each.last)
    wanted = next(each for each in topic.subtopics if not each.last)
    told = row(Citizen().file(content=f"想说说我们这里的{wanted.name},很久了。"))
    assert (told.topic, told.subtopic) == (topic.code, wanted.code)
    plain = row(Citizen().file(content="有一件事情想请你们看一看。"))
    assert (plain.topic, plain.subtopic) == (city().workflow.online.topic, None)


@pytest.mark.usefixtures("each_city")
def test_nobody_is_asked_to_say_what_the_centre_finds_of_a_request() -> None:
    online, today = city().workflow.online, city().clock.local_date(now())
    assert online is not None
    page = Client().get("/file/").content.decode()
    offered = re.findall(r'<option value="([^"]+)"', page[page.index('name="topic"') :])
    there = [each.code for each in city().order_topics.valid_on(today)]
    assert offered == [each for each in there if each not in online.unoffered]
    for code in online.unoffered:
        told = row(Citizen().file(content=f"我这件是不是{city().order_topics[code].name},请说清楚。"))
        assert told.topic == online.topic


def test_a_refusal_and_a_direct_answer_are_told() -> None:
    citizen = Citizen()
    refused, answered = citizen.file(), citizen.file()
    ground = next(each.code for each in city().workflow.refusal_grounds if not each.needs_attachment)
    refuse_order(order=refused, ground=ground, explanation="这件事法院正在审理。", actor=BOB, now=now())
    answer_order(order=answered, answer="路灯归供电公司管,已告知。", actor=BOB, now=now())
    citizen.find(refused, PHONE)
    assert "这件事法院正在审理" in citizen.page(refused)
    citizen.find(answered, PHONE)
    assert "已告知" in citizen.page(answered)


def test_leaving_leaves_nothing_on_the_telephone() -> None:
    citizen = Citizen()
    number = citizen.file()
    assert citizen.browser.post("/my/leave/").status_code == 302
    assert citizen.browser.get(f"/my/{number}/").status_code == 302
    assert citizen.browser.get("/file/done/").status_code == 302


def test_no_cache_keeps_what_is_one_persons() -> None:
    citizen = Citizen()
    number = citizen.file()
    for path in ("/file/", "/file/done/", "/my/", f"/my/{number}/"):
        assert "no-store" in citizen.browser.get(path).headers["Cache-Control"], path


def test_a_forged_ticket_is_nobodys() -> None:
    number = recorded()
    browser = Client()
    browser.cookies["jieban-mine"] = f"citizen:{number}"
    assert browser.get(f"/my/{number}/").status_code == 302


def test_errors_speak_to_citizens() -> None:
    answer = Client().get("/nothing/here/")
    assert answer.status_code == 404
    assert "回首页" in answer.content.decode()
