"""What `pictures.py` shows: every page that there is, by whom it is for, and the states that it can be in.

A test holds that no address is missing here (tests/desks/test_pictures.py).
"""

from showing import Shown, anybody, desk
from shown_accounts import ACCOUNTS
from shown_reports import REPORTS
from steps import (
    LongOrder,
    act,
    another_article,
    chosen,
    click,
    fill,
    followed,
    into_another,
    made,
    photographed,
    pressed,
    ticked,
    to,
    unfolded,
    unhindered,
    unless,
)

FIRST = click(".entry")
_COMMA = "\uff0c"
MATTER = (
    "延安北路与建国东路交叉口的路灯坏了三盏,晚上漆黑一片,老人孩子过马路很不安全,希望尽快派人维修。".replace(
        ",", _COMMA
    )
)
PHONE = "13900000001"
SEND = click("#act button.main")
SEEN = click("button[value=preview]")
_WHY = {"why": "昌州政办发〔2025〕12号"}


_KEPT = (fill(name="结了的路灯"), click(".keep button"))
_CALL = (fill(phone=PHONE, content=MATTER), chosen("topic", 3), click("label.chip:has([name=request_type])"))

CENTRE = (
    desk("intake", "operator", "intake/"),
    desk("intake-wrong", "operator", "intake/", fill(phone="12"), pressed("Control+Enter")),
    desk("intake-recorded", "operator", "intake/", *_CALL, pressed("Control+Enter")),
    desk("intake-typed", "operator", "intake/", *_CALL, pressed("F8")),
    desk("intake-order", "operator", "intake/", *_CALL, pressed("Tab"), click("[data-beside]")),
    desk("dispatch", "dispatcher", "dispatch/"),
    desk("dispatch-order", "dispatcher", "dispatch/", FIRST, view="dispatch-order"),
    desk("dispatch-act", "dispatcher", "dispatch/", FIRST, act("do/dispatch/"), view="act"),
    desk("dispatch-act-wrong", "dispatcher", "dispatch/", FIRST, act("do/answer/"), unhindered, SEND),
    desk("dispatch-return", "dispatcher", "dispatch/?queue=returns", FIRST, act("do/decide_return/")),
    desk("dispatch-extensions", "dispatcher", "dispatch/?queue=extensions", FIRST),
    desk("dispatch-ticked", "dispatcher", "dispatch/", ticked(3)),
    desk(
        *("dispatch-bulk", "dispatcher", "dispatch/", ticked(3), click(".bulk button")), view="dispatch-bulk"
    ),
    desk(
        *("dispatch-split", "dispatcher", "dispatch/", FIRST, act("/split/")),
        view="dispatch-split",
    ),
    desk("dispatch-merge", "dispatcher", "dispatch/", FIRST, act("/merge/"), view="dispatch-merge"),
    desk(
        *("dispatch-merge-seen", "dispatcher", "dispatch/", FIRST, act("/merge/")),
        *(into_another, fill(reason="同一盏路灯"), click("form.fields button.main")),
    ),
    desk("dispatch-long", "dispatcher", "dispatch/", LongOrder().seen, view="dispatch-order"),
    desk("review", "reviewer", "review/"),
    desk("review-order", "reviewer", "review/", FIRST, view="review-order"),
    desk("review-act", "reviewer", "review/", FIRST, act("do/reject_review/")),
    desk("review-unreasonable", "reviewer", "review/?queue=unreasonable", FIRST),
    desk("callback", "callback-agent", "callback/"),
    desk("callback-order", "callback-agent", "callback/", FIRST, view="callback-order"),
    desk("callback-act", "callback-agent", "callback/", FIRST, act("do/record_callback/")),
    desk(
        *("callback-bulk", "callback-agent", "callback/?queue=settled", ticked(3), click(".bulk button")),
        view="callback-bulk",
    ),
    desk("supervision", "supervisor", "supervision/"),
    desk("supervision-order", "supervisor", "supervision/", FIRST, view="supervision-order"),
    desk("supervision-empty", "supervisor", "supervision/?queue=unsigned"),
    desk("supervision-escalated", "supervisor", "supervision/?queue=escalated", FIRST),
    desk(
        *("supervision-bulk", "supervisor", "supervision/", ticked(3), click(".bulk button")),
        view="supervision-bulk",
    ),
    desk(
        *("supervision-bulk-seen", "supervisor", "supervision/", ticked(3), click(".bulk button")),
        *(fill(remark="请抓紧办理"), click("form.fields button.main")),
    ),
    desk("supervision-units", "supervisor", "supervision/units/"),
    desk("supervision-ledger", "supervisor", "supervision/ledger/"),
    desk(
        *("supervision-ledger-unit", "supervisor", "supervision/ledger/", chosen("unit", 1)),
        click("form.filters button"),
    ),
    desk("supervision-hot", "supervisor", "supervision/hot/"),
    desk(
        *("supervision-behind", "supervisor", "supervision/hot/", click("main table a")),
        view="supervision-behind",
    ),
)
UNITS = (
    desk("unit", "liaison", "unit/"),
    desk("unit-order", "liaison", "unit/", FIRST, view="unit-order"),
    desk("unit-assign", "liaison", "unit/", FIRST, act("do/assign/")),
    desk("unit-extension", "liaison", "unit/", FIRST, act("do/ask_extension/")),
    desk("unit-unreasonable", "liaison", "unit/", FIRST, act("do/declare_unreasonable/")),
    desk("unit-sent-back", "liaison", "unit/?queue=sent_back", FIRST),
    desk("unit-empty", "liaison", "unit/?queue=mine"),
    desk("unit-handler", "handler", "unit/", FIRST),
    desk("unit-reply", "handler", "unit/", FIRST, act("do/reply/")),
    desk("unit-reply-wrong", "handler", "unit/", FIRST, act("do/reply/"), unhindered, SEND),
    desk("unit-scene", "handler", "unit/", FIRST, _SCENE := act("/scene/"), view="unit-scene"),
    desk("unit-scene-taken", "handler", "unit/", FIRST, _SCENE, unless("a.shot", photographed)),
    desk("unit-attach", "handler", "unit/", FIRST, click("a[href*='/attach/']"), view="attach"),
    desk(
        *("unit-withdraw", "handler", "unit/", FIRST, _SCENE, photographed, click(".taken .take-back")),
        view="withdraw-evidence",
    ),
    desk("unit-head", "head", "unit/?queue=to_sign", FIRST),
    desk("contact", "handler", "unit/", FIRST, act("/contact/"), view="contact"),
    Shown(name="order-paper", who="handler", path="/desk/unit/", steps=(FIRST,), paper=True),
)
_EXPORTING = (to("/desk/search/"), click("a.export"), click("button.main"), made)
FOUND = (
    desk("search", "dispatcher", "search/?q=路灯"),
    desk("search-order", "dispatcher", "search/?q=路灯", FIRST, view="search-order"),
    desk("search-none", "dispatcher", "search/?q=没有这样的事情吧"),
    desk("search-narrowed", "dispatcher", "search/?q=路灯&state=closed&since=2025-04-01"),
    desk("search-views", "dispatcher", "search/?q=路灯&state=closed", unless(".kept .view", *_KEPT)),
    desk("exports", "dispatcher", "lists/"),
    desk("exports-asked", "dispatcher", "search/", click("a.export"), view="lists"),
    desk("exports-done", "dispatcher", "lists/", unless("#lists a[download]", *_EXPORTING)),
    desk("knowledge", "operator", "knowledge/"),
    desk("knowledge-found", "operator", "knowledge/?q=停水"),
    desk("knowledge-none", "operator", "knowledge/?q=没有这样的事情吧"),
    desk("article", "operator", "knowledge/", FIRST, view="article"),
    desk("article-review", "administrator", "knowledge/?queue=review", FIRST),
    desk("article-objected", "administrator", "knowledge/?queue=objected", FIRST, unfolded),
    desk("article-edit", "operator", "knowledge/", FIRST, click("a[href*='/edit/']"), view="article-edit"),
    desk("article-used", "operator", "knowledge/", FIRST, click("a[href*='/used/']"), view="article-used"),
    desk(
        *("article-version", "operator", "knowledge/", FIRST, click("a[href*='/versions/']")),
        view="article-version",
    ),
    desk("knowledge-new", "operator", "knowledge/new/"),
    desk("knowledge-new-wrong", "operator", "knowledge/new/", unhindered, click("form.fields button.main")),
    desk("knowledge-files", "administrator", "knowledge/files/"),
    desk(
        *("knowledge-publish", "administrator", "knowledge/?queue=review", another_article, ticked(1)),
        click("#several button"),
    ),
)
FIGURES = (
    desk("month", "leader", "month/"),
    desk("month-april", "supervisor", "month/?period=2025-04"),
    desk(
        *("month-orders", "supervisor", "month/?period=2025-04", click(".tile a.figure")),
        view="month-orders",
    ),
    Shown(name="wall", who="leader", path="/desk/month/wall/", size=(1920, 1080)),
    Shown(name="wall-small", who="leader", path="/desk/month/wall/"),
)
_ADMIN = "administration/"
_CHANGED = "main table a"
_CHANGING = (
    *(to(f"/desk/{_ADMIN}units/"), click("td a[href$='/edit/']"), fill(short_name="住建委", **_WHY)),
    *(SEEN, click("button[value=save]")),
)
# What a second administrator has to accept.
_PROPOSING = (
    *(to(f"/desk/{_ADMIN}templates/repeats/edit/"), fill(days="45", **_WHY)),
    *(SEEN, click("button[value=save]"), to(f"/desk/{_ADMIN}city/")),
)
CITY = (
    desk("people", "administrator", _ADMIN),
    desk("people-none", "administrator", f"{_ADMIN}?q=没有这个人"),
    desk("person-add", "administrator", f"{_ADMIN}add/"),
    desk("person-add-wrong", "administrator", f"{_ADMIN}add/", unhindered, click("form.fields button.main")),
    desk("person", "administrator", f"{_ADMIN}people/liaison/"),
    desk(
        *("person-end", "administrator", f"{_ADMIN}people/liaison/", click("a[href$='/end/']")),
        view="administration-end",
    ),
    desk("person-changes", "administrator", f"{_ADMIN}changes/"),
    desk("units", "administrator", f"{_ADMIN}units/"),
    desk("unit-new", "administrator", f"{_ADMIN}units/new/"),
    desk("unit-new-wrong", "administrator", f"{_ADMIN}units/new/", unhindered, SEEN),
    desk(
        *("unit-edit", "administrator", f"{_ADMIN}units/", click("td a[href$='/edit/']")),
        *(fill(short_name="住建部门", **_WHY), SEEN),
        view="administration-row-edit",
    ),
    desk(
        *("unit-edit-same", "administrator", f"{_ADMIN}units/", click("td a[href$='/edit/']")),
        *(fill(**_WHY), SEEN),
        view="administration-row-edit",
    ),
    desk(
        *("unit-rename", "administrator", f"{_ADMIN}units/", click("td a[href$='/rename/']")),
        view="administration-row-rename",
    ),
    desk(
        *("unit-end", "administrator", f"{_ADMIN}units/", click("td a[href$='/end/']")),
        view="administration-row-end",
    ),
    desk("topics", "administrator", f"{_ADMIN}topics/"),
    desk("topics-open", "administrator", f"{_ADMIN}topics/", unfolded),
    *(
        desk(
            *(name, "administrator", f"{_ADMIN}topics/", unfolded, click(f"main a[href$='{where}/']{not_}")),
            view=view,
        )
        for name, where, not_, view in (
            ("topic-new", "/new", "", "administration-topic-new"),
            ("subtopic-new", "/new", ":text-is('新增子类')", "administration-subtopic-new"),
            ("topic-edit", "/edit", "", "administration-topic-edit"),
            ("topic-rename", "/rename", "", "administration-topic-rename"),
            ("topic-end", "/end", "", "administration-topic-end"),
        )
    ),
    *(
        desk(
            *(f"subtopic-{name}", "administrator", f"{_ADMIN}topics/", unfolded),
            click(f".subtopics a[href$='/{name}/']"),
            view=f"administration-subtopic-{name}",
        )
        for name in ("edit", "rename", "end")
    ),
    desk("deadlines", "administrator", f"{_ADMIN}deadlines/"),
    desk("deadlines-tried", "administrator", f"{_ADMIN}deadlines/", click("form button.main"), unfolded),
    desk("rule-new", "administrator", f"{_ADMIN}deadlines/new/"),
    desk("rule-extension", "administrator", f"{_ADMIN}deadlines/extension/"),
    desk(
        *("rule-edit", "administrator", f"{_ADMIN}deadlines/", click("td a[href$='/edit/']")),
        view="administration-rule-edit",
    ),
    desk(
        *("rule-end", "administrator", f"{_ADMIN}deadlines/", click("td a[href$='/end/']")),
        view="administration-rule-end",
    ),
    desk("calendar", "administrator", f"{_ADMIN}calendar/"),
    desk("calendar-unknown", "administrator", f"{_ADMIN}calendar/?year=2031"),
    desk("calendar-days", "administrator", f"{_ADMIN}calendar/days/"),
    desk("calendar-hours", "administrator", f"{_ADMIN}calendar/hours/"),
    desk("templates", "administrator", f"{_ADMIN}templates/"),
    desk(
        *("template-table", "administrator", f"{_ADMIN}templates/", click("main a[href$='/edit/']")),
        view="administration-template-table",
    ),
    desk(
        *("template-new", "administrator", f"{_ADMIN}templates/", click("main a[href$='/new/']")),
        view="administration-template-new",
    ),
    desk(
        *("template-item", "administrator", f"{_ADMIN}templates/", click("main a[href*='/items/']")),
        view="administration-template-item",
    ),
    desk("streets", "administrator", f"{_ADMIN}streets/"),
    desk("communities", "administrator", f"{_ADMIN}communities/"),
    desk("community-new", "administrator", f"{_ADMIN}communities/new/", unhindered, SEEN),
    desk(
        *("street-end", "administrator", f"{_ADMIN}streets/", click("td a[href$='/end/']")),
        *(fill(**_WHY), SEEN),
        view="administration-row-end",
    ),
    desk("doors", "administrator", f"{_ADMIN}doors/"),
    desk("mailbox-new", "administrator", f"{_ADMIN}mailboxes/new/"),
    desk("reports-and-counting", "administrator", f"{_ADMIN}reports/"),
    desk("policies", "administrator", f"{_ADMIN}templates/policies/edit/"),
    desk(
        *("recommendation", "administrator", f"{_ADMIN}reports/"),
        click("main a[href*='/recommendations/items/']"),
        view="administration-template-item",
    ),
    desk("wording", "administrator", f"{_ADMIN}wording/"),
    desk("wording-found", "administrator", f"{_ADMIN}wording/?q=环比"),
    desk(
        *("phrase", "administrator", f"{_ADMIN}wording/", click("td a[href$='/edit/']")),
        *(fill(text="热线总体运行平稳。", **_WHY), SEEN),
        view="administration-phrase",
    ),
    desk("city", "administrator", f"{_ADMIN}city/"),
    desk(
        *("city-change", "administrator", f"{_ADMIN}city/", unless(_CHANGED, *_CHANGING)),
        *(to(f"/desk/{_ADMIN}city/"), click(_CHANGED)),
        view="administration-city-change",
    ),
    desk("city-some", "administrator", f"{_ADMIN}city/"),
    desk("city-waiting", "administrator", f"{_ADMIN}city/", unless(".mark.strong", *_PROPOSING)),
    desk("profile", "administrator", f"{_ADMIN}profile/"),
)
CITIZENS = (
    anybody("home", "/"),
    anybody("file", "/file/"),
    anybody("file-wrong", "/file/", click("form button.main")),
    anybody(
        *(
            "filed",
            "/file/",
            fill(content=MATTER, phone=PHONE),
            click("label:has([name=agree])"),
            click(".pill"),
        ),
        click("form button.main"),
        view="filed",
    ),
    anybody("mailbox", "/mailbox/mayor/"),
    anybody("follow", "/my/"),
    anybody("follow-wrong", "/my/", fill(number="12", proof=PHONE), click("form button.main")),
    anybody("mine-new", "/file/done/", click("a.button.main"), unfolded, view="mine"),
    anybody("mine", "/my/", followed),
    anybody("guides", "/guides/"),
    anybody("guides-none", "/guides/?q=没有这样的事情吧"),
    anybody("guide", "/guides/", click(".guides a"), view="guide"),
    anybody("answers", "/answers/"),
    Shown(name="nowhere", who=None, path="/nowhere/", refused=True),
)
PAGES = (*CENTRE, *UNITS, *FOUND, *FIGURES, *REPORTS, *CITY, *CITIZENS, *ACCOUNTS)
