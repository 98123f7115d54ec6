"""What `pictures.py` shows: every page that there is, by whom it is for, and the states that it can be in.

A test holds that no address is missing here (tests/desks/test_pictures.py).
"""

from dataclasses import dataclass

from steps import (
    SecondStep,
    Step,
    act,
    begun,
    chosen,
    click,
    confirmed,
    fill,
    followed,
    judged,
    photographed,
    pressed,
    published,
    ticked,
    to,
    unfolded,
    unhindered,
    unless,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A page: whose, where, and what is done before it is looked at. `who` None is a citizen, not signed in.

    `view` names the address that is seen in the end, where the steps lead away from `path`. `size` stands in place of
    the two usual ones; on `paper` it is seen as it would be printed; of what is `refused`, the error's page.
    """

    name: str
    who: str | None
    path: str
    steps: tuple[Step, ...] = ()
    view: str | None = None
    size: tuple[int, int] | None = None
    paper: bool = False
    refused: bool = False


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


def _desk(name: str, who: str, at: str, *steps: Step, view: str | None = None) -> Shown:
    return Shown(name=name, who=who, path=f"/desk/{at}", steps=steps, view=view)


def _open(name: str, path: str, *steps: Step, view: str | None = None) -> Shown:
    return Shown(name=name, who=None, path=path, steps=steps, view=view)


_CALL = (fill(phone=PHONE, content=MATTER), chosen("topic", 3), click("label.chip:has([name=request_type])"))
_SECOND = SecondStep("analyst")

CENTRE = (
    _desk("intake", "operator", "intake/"),
    _desk("intake-wrong", "operator", "intake/", fill(phone="12"), pressed("Control+Enter")),
    _desk("intake-recorded", "operator", "intake/", *_CALL, pressed("Control+Enter")),
    _desk("intake-typed", "operator", "intake/", *_CALL, pressed("F8")),
    _desk("intake-order", "operator", "intake/", *_CALL, pressed("Tab"), click("[data-beside]")),
    _desk("dispatch", "dispatcher", "dispatch/"),
    _desk("dispatch-order", "dispatcher", "dispatch/", FIRST, view="dispatch-order"),
    _desk("dispatch-act", "dispatcher", "dispatch/", FIRST, act("do/dispatch/"), view="act"),
    _desk("dispatch-act-wrong", "dispatcher", "dispatch/", FIRST, act("do/answer/"), unhindered, SEND),
    _desk("dispatch-return", "dispatcher", "dispatch/?queue=returns", FIRST, act("do/decide_return/")),
    _desk("dispatch-extensions", "dispatcher", "dispatch/?queue=extensions", FIRST),
    _desk("dispatch-ticked", "dispatcher", "dispatch/", ticked(3)),
    _desk(
        *("dispatch-bulk", "dispatcher", "dispatch/", ticked(3), click(".bulk button")), view="dispatch-bulk"
    ),
    _desk(
        *("dispatch-split", "dispatcher", "dispatch/", FIRST, act("/split/")),
        view="dispatch-split",
    ),
    _desk("dispatch-merge", "dispatcher", "dispatch/", FIRST, act("/merge/"), view="dispatch-merge"),
    _desk(
        *("dispatch-merge-seen", "dispatcher", "dispatch/", FIRST, act("/merge/")),
        *(click("a[href*='into=']"), fill(reason="同一盏路灯"), click("form.fields button.main")),
    ),
    _desk("review", "reviewer", "review/"),
    _desk("review-order", "reviewer", "review/", FIRST, view="review-order"),
    _desk("review-act", "reviewer", "review/", FIRST, act("do/reject_review/")),
    _desk("review-unreasonable", "reviewer", "review/?queue=unreasonable", FIRST),
    _desk("callback", "callback-agent", "callback/"),
    _desk("callback-order", "callback-agent", "callback/", FIRST, view="callback-order"),
    _desk("callback-act", "callback-agent", "callback/", FIRST, act("do/record_callback/")),
    _desk(
        *("callback-bulk", "callback-agent", "callback/?queue=settled", ticked(3), click(".bulk button")),
        view="callback-bulk",
    ),
    _desk("supervision", "supervisor", "supervision/"),
    _desk("supervision-order", "supervisor", "supervision/", FIRST, view="supervision-order"),
    _desk("supervision-empty", "supervisor", "supervision/?queue=unsigned"),
    _desk("supervision-escalated", "supervisor", "supervision/?queue=escalated", FIRST),
    _desk(
        *("supervision-bulk", "supervisor", "supervision/", ticked(3), click(".bulk button")),
        view="supervision-bulk",
    ),
    _desk(
        *("supervision-bulk-seen", "supervisor", "supervision/", ticked(3), click(".bulk button")),
        *(fill(remark="请抓紧办理"), click("form.fields button.main")),
    ),
    _desk("supervision-units", "supervisor", "supervision/units/"),
    _desk("supervision-ledger", "supervisor", "supervision/ledger/"),
    _desk(
        *("supervision-ledger-unit", "supervisor", "supervision/ledger/", chosen("unit", 1)),
        click("form.filters button"),
    ),
    _desk("supervision-hot", "supervisor", "supervision/hot/"),
    _desk(
        *("supervision-behind", "supervisor", "supervision/hot/", click("main table a")),
        view="supervision-behind",
    ),
)
UNITS = (
    _desk("unit", "liaison", "unit/"),
    _desk("unit-order", "liaison", "unit/", FIRST, view="unit-order"),
    _desk("unit-assign", "liaison", "unit/", FIRST, act("do/assign/")),
    _desk("unit-extension", "liaison", "unit/", FIRST, act("do/ask_extension/")),
    _desk("unit-unreasonable", "liaison", "unit/", FIRST, act("do/declare_unreasonable/")),
    _desk("unit-sent-back", "liaison", "unit/?queue=sent_back", FIRST),
    _desk("unit-empty", "liaison", "unit/?queue=mine"),
    _desk("unit-handler", "handler", "unit/", FIRST),
    _desk("unit-reply", "handler", "unit/", FIRST, act("do/reply/")),
    _desk("unit-reply-wrong", "handler", "unit/", FIRST, act("do/reply/"), unhindered, SEND),
    _desk("unit-scene", "handler", "unit/", FIRST, _SCENE := act("/scene/"), view="unit-scene"),
    _desk("unit-scene-taken", "handler", "unit/", FIRST, _SCENE, photographed),
    _desk("unit-attach", "handler", "unit/", FIRST, click("a[href*='/attach/']"), view="attach"),
    _desk("unit-head", "head", "unit/?queue=to_sign", FIRST),
    _desk("contact", "handler", "unit/", FIRST, act("/contact/"), view="contact"),
    Shown(name="order-paper", who="handler", path="/desk/unit/", steps=(FIRST,), paper=True),
)
FOUND = (
    _desk("search", "dispatcher", "search/?q=路灯"),
    _desk("search-order", "dispatcher", "search/?q=路灯", FIRST, view="search-order"),
    _desk("search-none", "dispatcher", "search/?q=没有这样的事情吧"),
    _desk("exports", "dispatcher", "lists/"),
    _desk("exports-asked", "dispatcher", "search/", click("a.export"), view="lists"),
    _desk("exports-done", "dispatcher", "search/", click("a.export"), click("button.main"), view="lists"),
    _desk("knowledge", "operator", "knowledge/"),
    _desk("knowledge-found", "operator", "knowledge/?q=停水"),
    _desk("knowledge-none", "operator", "knowledge/?q=没有这样的事情吧"),
    _desk("article", "operator", "knowledge/", FIRST, view="article"),
    _desk("article-review", "administrator", "knowledge/?queue=review", FIRST),
    _desk("article-objected", "administrator", "knowledge/?queue=objected", FIRST, unfolded),
    _desk("article-edit", "operator", "knowledge/", FIRST, click("a[href*='/edit/']"), view="article-edit"),
    _desk("article-used", "operator", "knowledge/", FIRST, click("a[href*='/used/']"), view="article-used"),
    _desk(
        *("article-version", "operator", "knowledge/", FIRST, click("a[href*='/versions/']")),
        view="article-version",
    ),
    _desk("knowledge-new", "operator", "knowledge/new/"),
    _desk("knowledge-new-wrong", "operator", "knowledge/new/", unhindered, click("form.fields button.main")),
    _desk("knowledge-files", "administrator", "knowledge/files/"),
    _desk(
        *("knowledge-publish", "administrator", "knowledge/?queue=review", ticked(1)),
        click("#several button"),
    ),
)
FIGURES = (
    _desk("month", "leader", "month/"),
    _desk("month-april", "supervisor", "month/?period=2025-04"),
    _desk(
        *("month-orders", "supervisor", "month/?period=2025-04", click(".tile a.figure")),
        view="month-orders",
    ),
    Shown(name="wall", who="leader", path="/desk/month/wall/", size=(1920, 1080)),
    Shown(name="wall-small", who="leader", path="/desk/month/wall/"),
    _open("reports-none", "/reports/"),
    _desk("studio", "analyst", "studio/"),
    _desk("studio-draft", "analyst", "studio/", begun, view="studio-draft"),
    # Published before the city changes: what was frozen under other settings is not.
    _open("studio-judged", "/reports/", judged, view="studio-draft"),
    _open("reports", "/reports/", published),
    _open("report", "/reports/", published, click("article.card a"), view="report-version"),
)
_ADMIN = "administration/"
_CHANGED = "main table a"
_CHANGING = (
    *(to(f"/desk/{_ADMIN}units/"), click("td a[href$='/edit/']"), fill(short_name="住建委", **_WHY)),
    *(SEEN, click("button[value=save]")),
)
CITY = (
    _desk("people", "administrator", _ADMIN),
    _desk("people-none", "administrator", f"{_ADMIN}?q=没有这个人"),
    _desk("person-add", "administrator", f"{_ADMIN}add/"),
    _desk("person-add-wrong", "administrator", f"{_ADMIN}add/", unhindered, click("form.fields button.main")),
    _desk("person", "administrator", f"{_ADMIN}people/liaison/"),
    _desk(
        *("person-end", "administrator", f"{_ADMIN}people/liaison/", click("a[href$='/end/']")),
        view="administration-end",
    ),
    _desk("person-changes", "administrator", f"{_ADMIN}changes/"),
    _desk("units", "administrator", f"{_ADMIN}units/"),
    _desk("unit-new", "administrator", f"{_ADMIN}units/new/"),
    _desk("unit-new-wrong", "administrator", f"{_ADMIN}units/new/", unhindered, SEEN),
    _desk(
        *("unit-edit", "administrator", f"{_ADMIN}units/", click("td a[href$='/edit/']")),
        *(fill(**_WHY), SEEN),
        view="administration-row-edit",
    ),
    _desk(
        *("unit-rename", "administrator", f"{_ADMIN}units/", click("td a[href$='/rename/']")),
        view="administration-row-rename",
    ),
    _desk(
        *("unit-end", "administrator", f"{_ADMIN}units/", click("td a[href$='/end/']")),
        view="administration-row-end",
    ),
    _desk("topics", "administrator", f"{_ADMIN}topics/"),
    _desk("topics-open", "administrator", f"{_ADMIN}topics/", unfolded),
    *(
        _desk(
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
        _desk(
            *(f"subtopic-{name}", "administrator", f"{_ADMIN}topics/", unfolded),
            click(f".subtopics a[href$='/{name}/']"),
            view=f"administration-subtopic-{name}",
        )
        for name in ("edit", "rename", "end")
    ),
    _desk("deadlines", "administrator", f"{_ADMIN}deadlines/"),
    _desk("deadlines-tried", "administrator", f"{_ADMIN}deadlines/", click("form button.main"), unfolded),
    _desk("rule-new", "administrator", f"{_ADMIN}deadlines/new/"),
    _desk("rule-extension", "administrator", f"{_ADMIN}deadlines/extension/"),
    _desk(
        *("rule-edit", "administrator", f"{_ADMIN}deadlines/", click("td a[href$='/edit/']")),
        view="administration-rule-edit",
    ),
    _desk(
        *("rule-end", "administrator", f"{_ADMIN}deadlines/", click("td a[href$='/end/']")),
        view="administration-rule-end",
    ),
    _desk("calendar", "administrator", f"{_ADMIN}calendar/"),
    _desk("calendar-unknown", "administrator", f"{_ADMIN}calendar/?year=2031"),
    _desk("calendar-days", "administrator", f"{_ADMIN}calendar/days/"),
    _desk("calendar-hours", "administrator", f"{_ADMIN}calendar/hours/"),
    _desk("templates", "administrator", f"{_ADMIN}templates/"),
    _desk(
        *("template-table", "administrator", f"{_ADMIN}templates/", click("main a[href$='/edit/']")),
        view="administration-template-table",
    ),
    _desk(
        *("template-new", "administrator", f"{_ADMIN}templates/", click("main a[href$='/new/']")),
        view="administration-template-new",
    ),
    _desk(
        *("template-item", "administrator", f"{_ADMIN}templates/", click("main a[href*='/items/']")),
        view="administration-template-item",
    ),
    _desk("streets", "administrator", f"{_ADMIN}streets/"),
    _desk("communities", "administrator", f"{_ADMIN}communities/"),
    _desk("community-new", "administrator", f"{_ADMIN}communities/new/", unhindered, SEEN),
    _desk(
        *("street-end", "administrator", f"{_ADMIN}streets/", click("td a[href$='/end/']")),
        *(fill(**_WHY), SEEN),
        view="administration-row-end",
    ),
    _desk("doors", "administrator", f"{_ADMIN}doors/"),
    _desk("mailbox-new", "administrator", f"{_ADMIN}mailboxes/new/"),
    _desk("reports-and-counting", "administrator", f"{_ADMIN}reports/"),
    _desk("policies", "administrator", f"{_ADMIN}templates/policies/edit/"),
    _desk(
        *("recommendation", "administrator", f"{_ADMIN}reports/"),
        click("main a[href*='/recommendations/items/']"),
        view="administration-template-item",
    ),
    _desk("wording", "administrator", f"{_ADMIN}wording/"),
    _desk("wording-found", "administrator", f"{_ADMIN}wording/?q=环比"),
    _desk(
        *("phrase", "administrator", f"{_ADMIN}wording/", click("td a[href$='/edit/']")),
        *(fill(text="热线总体运行平稳。", **_WHY), SEEN),
        view="administration-phrase",
    ),
    _desk("city", "administrator", f"{_ADMIN}city/"),
    _desk(
        *("city-change", "administrator", f"{_ADMIN}city/", unless(_CHANGED, *_CHANGING)),
        *(to(f"/desk/{_ADMIN}city/"), click(_CHANGED)),
        view="administration-city-change",
    ),
    _desk("city-some", "administrator", f"{_ADMIN}city/"),
    _desk("profile", "administrator", f"{_ADMIN}profile/"),
)
CITIZENS = (
    _open("home", "/"),
    _open("file", "/file/"),
    _open("file-wrong", "/file/", click("form button.main")),
    _open(
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
    _open("mailbox", "/mailbox/mayor/"),
    _open("follow", "/my/"),
    _open("follow-wrong", "/my/", fill(number="12", proof=PHONE), click("form button.main")),
    _open("mine-new", "/file/done/", click("a.button.main"), unfolded, view="mine"),
    _open("mine", "/my/", followed),
    _open("guides", "/guides/"),
    _open("guides-none", "/guides/?q=没有这样的事情吧"),
    _open("guide", "/guides/", click(".guides a"), view="guide"),
    _open("answers", "/answers/"),
    Shown(name="nowhere", who=None, path="/nowhere/", refused=True),
)
ACCOUNTS = (
    _open("sign-in", "/account/login/"),
    Shown(
        name="sign-in-wrong",
        who=None,
        path="/account/login/",
        steps=(fill(login="nobody", password=PHONE), click("button.main")),
    ),
    _open("inactive", "/account/inactive/"),
    Shown(name="sign-out", who="operator", path="/account/logout/"),
    Shown(name="password", who="operator", path="/account/password/change/"),
    Shown(
        name="password-wrong",
        who="operator",
        path="/account/password/change/",
        steps=(fill(oldpassword="x", password1="123", password2="124"), click("button.main:visible")),
    ),
    Shown(name="confirm", who="operator", path="/account/reauthenticate/"),
    Shown(name="second-step", who="operator", path="/account/2fa/"),
    Shown(name="second-step-set", who="operator", path="/account/2fa/totp/activate/", steps=(confirmed,)),
    Shown(name="sessions", who="operator", path="/account/sessions/"),
    Shown(name="forbidden", who="operator", path="/desk/dispatch/", refused=True),
    Shown(name="not-found", who="operator", path="/desk/orders/XX00000000000/", refused=True),
    *(
        _open(name, "/account/login/", _SECOND.inside, to(f"/account/2fa/{where}"), view=view)
        for name, where, view in (
            ("second-step-on", "", "mfa_index"),
            ("second-step-codes", "recovery-codes/", "mfa_view_recovery_codes"),
            ("second-step-new-codes", "recovery-codes/generate/", "mfa_generate_recovery_codes"),
            ("second-step-off", "totp/deactivate/", "mfa_deactivate_totp"),
            ("second-step-confirm", "reauthenticate/", "mfa_reauthenticate"),
        )
    ),
    _open("sign-in-code", "/account/login/", _SECOND.asked, view="mfa_authenticate"),
)
PAGES = (*CENTRE, *UNITS, *FOUND, *FIGURES, *CITY, *CITIZENS, *ACCOUNTS)
