"""Freezing anew: words go on where their figures stayed, are asked about where these changed, and none is lost."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsers import Sign
from cast import dispatched, lead
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from jieban.desks.studio.earlier import carry_over, earlier_writers
from jieban.desks.studio.fitting import Words, advice_words, fit_advice, fit_body, merged, taken
from jieban.desks.studio.models import Doubt, Draft, Edit, Stage, Step
from jieban.desks.studio.place import preview
from jieban.desks.studio.preview import CHECKS
from jieban.desks.studio.sentences import in_table, rewordings_in
from jieban.desks.studio.wording import Passage, passages_of
from jieban.desks.work.models import Task
from jieban.desks.work.run import run_waiting
from jieban.people.roles import Role
from jieban.report.rewording import Sentence
from live_database import override_settings

STUDIO = "/desk/studio/"
AFTER = datetime.fromisoformat("2025-05-06T09:30+08:00")


def sentence(text: str, section: str = "summary") -> Sentence:
    return Sentence(
        section=section, heading="总体情况", text=text, figures=tuple(re.findall("〔([^〕]*)〕", text))
    )


def words(was: str, text: str, section: str = "summary", by: str = "account:1") -> Words:
    return Words(section=section, heading="总体情况", was=was, text=text, by=by)


def passage(text: str) -> Passage:
    return Passage(theme="督促", text=text)


STAYS, RISES, GOES = "没有数字。", "共〔120件〕，上升〔3%〕。", "退回〔5件〕。"
ROSE = "共〔121件〕，上升〔4%〕。"


def test_words_stay_where_the_sentence_came_out_the_same() -> None:
    kept, undecided = fit_body(
        [words(STAYS, "改过的话。", by="account:7"), words(RISES, "")],
        [sentence(STAYS), sentence(RISES)],
        [sentence("别的。"), sentence(STAYS), sentence(RISES)],
    )
    assert [(one.was, one.text, one.by) for one in kept] == [
        (STAYS, "改过的话。", "account:7"),
        (RISES, "", "account:1"),
    ]
    assert undecided == ()


def test_words_whose_figures_changed_are_asked_about_with_the_new_ones() -> None:
    before = [sentence(STAYS), sentence(RISES), sentence(GOES)]
    after = [sentence(STAYS), sentence(ROSE)]
    kept, (rose, gone) = fit_body(
        [words(RISES, "受理〔120件〕。"), words(GOES, "退了〔5件〕。")], before, after
    )
    assert kept == ()
    assert (rose.now, rose.offer) == (ROSE, "受理〔121件〕。")
    assert (gone.now, gone.offer) == ("", None)
    # Left out stays left out only if somebody says so.
    _, (left,) = fit_body([words(RISES, "")], before, after)
    assert (left.now, left.offer) == (ROSE, "")


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        (
            "2.路〔3件〕、桥〔1件〕。",
            "2.路〔3件〕、桥〔1件〕。请整改。",
            "1.路〔3件〕、桥〔1件〕。",
            "1.路〔3件〕、桥〔1件〕。请整改。",
        ),
        (
            "路〔3件〕、桥〔1件〕。",
            "其中路〔3件〕、桥〔1件〕。",
            "路〔4件〕、灯〔2件〕、桥〔1件〕。",
            "其中路〔4件〕、灯〔2件〕、桥〔1件〕。",
        ),
        ("上升〔3%〕。", "增长〔3%〕。", "下降〔4%〕。", None),
        ("共〔3件〕。", "共〔3件〕。请整改。", "共〔3件〕。", "共〔3件〕。请整改。"),
        ("共〔3件〕。", "共〔3件〕。甲。", "共〔3件〕。乙。", None),
    ],
)
def test_what_people_wrote_goes_into_a_sentence_that_is_built_otherwise(
    base: str, mine: str, theirs: str, both: str | None
) -> None:
    assert merged(base, mine, theirs) == both
    _, undecided = fit_body([words(base, mine)], [sentence(base)], [sentence(theirs)])
    if base != theirs:
        assert [each.offer for each in undecided] == [both]


@given(*[st.text("路桥灯,。", max_size=12).filter(bool)] * 3)
def test_of_two_changes_none_is_lost(base: str, mine: str, theirs: str) -> None:
    assert merged(base, base, theirs) == theirs
    assert merged(base, mine, base) == mine
    both = merged(f"{base}〔1件〕{base}", f"{mine}〔1件〕{base}", f"{base}〔1件〕{theirs}")
    assert both in {f"{mine}〔1件〕{theirs}", None}


def test_figures_are_not_put_where_the_sentence_is_built_otherwise() -> None:
    fell = "共〔121件〕，比上月〔5月〕下降〔4%〕。"
    _, (one,) = fit_body([words(RISES, "受理〔120件〕，升了〔3%〕。")], [sentence(RISES)], [sentence(fell)])
    assert (one.now, one.offer) == (fell, None)
    # Another section's sentence is another sentence.
    _, (other,) = fit_body([words(RISES, "受理〔120件〕。")], [sentence(RISES)], [sentence(ROSE, "late")])
    assert (other.now, other.offer) == ("", None)


def test_recommendations_go_on_with_what_the_rules_find_now() -> None:
    late, sign, idle = (
        passage("督办[3件](handlings.late)。"),
        passage("按时签收[98%](handlings.sign)。"),
        passage("请办理。"),
    )
    first = [late, sign, idle]
    mine, own = passage("请尽快办结[3件](handlings.late)。"), passage("加强值班。")
    people = advice_words(first, [mine, sign, own])
    assert people == ((late, mine.text), (None, own.text), (idle, ""))
    old = [
        Words(section="", heading="督促", was=was.text if was else "", text=text, by="account:1")
        for was, text in people
    ]

    # Nothing changed: the words as they were, and what was left out stays out.
    made, undecided = fit_advice(old, first)
    assert (made, undecided) == ((mine, sign, own), ())

    # A figure changed: the rules' own stands, and what was written is asked about.
    later = passage("督办[4件](handlings.late)。")
    made, (one,) = fit_advice(old, [later, sign, idle])
    assert made == (later, sign, own)
    assert (one.now, one.offer) == (later.text, "请尽快办结[4件](handlings.late)。")
    assert taken(made, "督促", one.now, one.offer or "") == (passage(one.offer or ""), sign, own)

    # The rule finds nothing any more: its words can't be taken over, and aren't forgotten.
    made, (one,) = fit_advice(old, [sign, idle])
    assert made == (sign, own)
    assert (one.words.text, one.now, one.offer) == (mine.text, "", None)


def test_what_was_left_out_is_asked_about_when_its_figure_changed() -> None:
    late, more = passage("督办[3件](handlings.late)。"), passage("督办[9件](handlings.late)。")
    old = [Words(section="", heading="督促", was=late.text, text="", by="account:1")]
    assert fit_advice(old, [late]) == ((), ())
    made, (one,) = fit_advice(old, [more])
    assert (made, one.now, one.offer) == ((more,), more.text, "")
    assert taken(made, "督促", one.now, "") == ()
    assert fit_advice(old, []) == ((), ())


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> Iterator[None]:
    with override_settings(JIEBAN_VAR=tmp_path, JIEBAN_CLOCK_SHIFT=AFTER - datetime.now(UTC)):
        yield
        cache.clear()


ADVICE = "## 督促\n\n请办理[3件](handlings.late)。\n\n值班。\n"


def frozen(*texts: str, advice: str = ADVICE, carries: Draft | None = None) -> Draft:
    """A report that has been frozen, its first preview there."""
    made = Draft.objects.create(
        period="2025-04",
        made_by="account:990",
        made_at=AFTER,
        sentences=in_table(sentence(text) for text in texts),
        carries=carries,
    )
    Step.objects.create(draft=made, what="begin", by="account:990", at=AFTER)
    first = Edit.objects.create(draft=made, serial=0, text=advice, made_by="system", made_at=AFTER)
    carry_over(made, first, AFTER)
    previewed(made)
    return made


def previewed(draft: Draft) -> None:
    for edit in draft.edits.all():
        place = preview(draft.pk, edit.serial)
        place.mkdir(parents=True, exist_ok=True)
        (place / CHECKS).write_text("[]")


def body_form(draft: Draft, base: int, *texts: str, **more: object) -> dict[str, object]:
    passages = passages_of(draft.edits.get(serial=base).text)
    return {"base": base, "text": [each.shown for each in passages], "sentence": list(texts), **more}


@pytest.mark.django_db
def test_frozen_anew_the_words_go_on_and_the_rest_is_asked(sign_in: Sign) -> None:
    maker, leader = sign_in(Role.ANALYST), sign_in(Role.LEADER)
    first = frozen(STAYS, RISES, GOES)
    page = f"{STUDIO}{first.pk}/"
    typed = body_form(first, 0, "改过的话。", "受理〔120件〕。", "退了〔5件〕。", new="加强值班。")
    assert maker.post(f"{page}wording/", typed).status_code == 302
    previewed(first)
    assert maker.post(f"{page}do/propose/").status_code == 302
    assert leader.post(f"{page}do/freeze/").status_code == 403
    again = maker.post(f"{page}do/freeze/")
    second = Draft.objects.get(carries=first)
    assert (again.status_code, again.headers["Location"]) == (302, f"{STUDIO}{second.pk}/")
    first.refresh_from_db()
    assert (first.stage, second.stage, second.snapshot) == (Stage.REFROZEN, Stage.OPEN, "")
    assert leader.post(f"{page}do/approve/").status_code == 422, "it is over"
    assert f'href="{STUDIO}{second.pk}/"' in maker.get(page).content.decode()
    assert first.edits.count() == 2, "what was is kept"


@pytest.mark.django_db
def test_what_is_undecided_keeps_a_report_from_being_proposed(sign_in: Sign) -> None:
    maker, leader = sign_in(Role.ANALYST), sign_in(Role.LEADER)
    first = frozen(STAYS, RISES, GOES)
    typed = body_form(first, 0, "改过的话。", "受理〔120件〕。", "退了〔5件〕。", new="加强值班。")
    assert maker.post(f"{STUDIO}{first.pk}/wording/", typed).status_code == 302
    Draft.objects.filter(pk=first.pk).update(stage=Stage.REFROZEN)
    second = frozen(STAYS, ROSE, carries=first)
    page = f"{STUDIO}{second.pk}/"
    carried = second.edits.get(serial=1)
    assert [(one.was, one.text) for one in rewordings_in(carried)] == [(STAYS, "改过的话。")]
    assert rewordings_in(carried)[0].by == first.edits.get(serial=1).made_by
    assert "加强值班。" in carried.text

    shown = maker.get(page).content.decode()
    assert shown.count('<fieldset class="doubt">') == 2
    assert "受理〔121件〕。" in shown
    assert "退了〔5件〕。" in shown
    assert maker.get(page).content.decode().count('value="taken"') == 1, "no figures for what is gone"
    assert 'class="doubt"' not in leader.get(page).content.decode()
    refused = maker.post(f"{page}do/propose/")
    assert (refused.status_code, "没有决定是否沿用" in refused.content.decode()) == (422, True)

    rose, gone = second.doubts.order_by("pk")
    wrong = maker.post(
        f"{page}wording/", body_form(second, 1, "改过的话。", ROSE, **{f"doubt-{gone.pk}": "taken"})
    )
    assert wrong.status_code == 422
    # What was ticked stays ticked when something else is refused.
    kept = maker.post(
        f"{page}wording/", body_form(second, 1, "乱写9件", ROSE, **{f"doubt-{rose.pk}": "taken"})
    )
    assert kept.status_code == 422
    assert re.search(rf'name="doubt-{rose.pk}" value="taken" checked', kept.content.decode())
    assert second.edits.count() == 2

    chosen = {f"doubt-{rose.pk}": "taken", f"doubt-{gone.pk}": "left"}
    assert (
        maker.post(f"{page}wording/", body_form(second, 1, "改过的话。", ROSE, **chosen)).status_code == 302
    )
    latest = second.edits.get(serial=2)
    assert {one.was: one.text for one in rewordings_in(latest)} == {
        STAYS: "改过的话。",
        ROSE: "受理〔121件〕。",
    }
    assert set(Doubt.objects.values_list("choice", flat=True)) == {"taken", "left"}
    assert maker.post(f"{page}do/propose/").status_code == 422, "checks come first"
    previewed(second)
    assert maker.post(f"{page}do/propose/").status_code == 302
    assert "决定了 2 处" in maker.get(page).content.decode().replace("\xa0", " ")


@pytest.mark.django_db
def test_who_wrote_the_words_that_go_on_does_not_approve_them(sign_in: Sign) -> None:
    writer = sign_in(Role.ANALYST)
    first = frozen(STAYS)
    typed = body_form(first, 0, "改过的话。", new="加强值班。")
    assert writer.post(f"{STUDIO}{first.pk}/wording/", typed).status_code == 302
    Draft.objects.filter(pk=first.pk).update(stage=Stage.REFROZEN)
    second = frozen(STAYS, carries=first)
    Draft.objects.filter(pk=second.pk).update(stage=Stage.PROPOSED)
    assert earlier_writers(second) == [first.edits.get(serial=1).made_by]
    assert writer.post(f"{STUDIO}{second.pk}/do/approve/").status_code == 422
    assert sign_in(Role.LEADER).post(f"{STUDIO}{second.pk}/do/approve/").status_code == 302


@pytest.mark.django_db
def test_what_is_still_undecided_goes_on_too() -> None:
    first = frozen(STAYS, RISES)
    Edit.objects.create(
        draft=first,
        serial=1,
        text=ADVICE,
        rewordings=[{"section": "summary", "was": RISES, "text": "受理〔120件〕。"}],
        made_by="account:1",
        made_at=AFTER,
    )
    Draft.objects.update(stage=Stage.REFROZEN)
    second = frozen(STAYS, ROSE, carries=first)
    Draft.objects.update(stage=Stage.REFROZEN)
    third = frozen(STAYS, ROSE, carries=second)
    (doubt,) = third.doubts.all()
    assert (doubt.was, doubt.now, doubt.offer) == (RISES, ROSE, "受理〔121件〕。")
    Draft.objects.update(stage=Stage.REFROZEN)
    fourth = frozen(STAYS, RISES, carries=third)
    assert fourth.doubts.count() == 0, "the figures are back"
    assert rewordings_in(fourth.edits.get(serial=1))[0].text == "受理〔120件〕。"


@pytest.mark.slow(5)
@pytest.mark.once  # most of it is documents
@pytest.mark.django_db
def test_a_real_report_is_frozen_anew_after_an_order_more(sign_in: Sign) -> None:
    unit, maker = lead(), sign_in(Role.ANALYST)
    for _ in range(3):
        dispatched(to=unit)
    assert maker.post(f"{STUDIO}new/", {"period": "2025-04"}).status_code == 302
    assert run_waiting(patience=0) == 1
    assert not Task.objects.exclude(said="").values_list("said", flat=True)
    first = Draft.objects.get()
    texts = [each["text"] for each in first.sentences]
    typed = [f"{text}请关注。" for text in texts]
    form = body_form(first, 0, *typed, new="加强值班。")
    assert maker.post(f"{STUDIO}{first.pk}/wording/", form).status_code == 302
    assert run_waiting(patience=0) == 1
    dispatched(to=unit)
    assert maker.post(f"{STUDIO}{first.pk}/do/freeze/").status_code == 302
    assert run_waiting(patience=0) == 1
    second = Draft.objects.get(carries=first)
    assert second.snapshot not in {"", first.snapshot}
    carried = second.edits.get(serial=1)
    assert "加强值班。" in carried.text
    after = [each["text"] for each in second.sentences]
    same = [text for text in texts if text in after]
    assert {one.was: one.text for one in rewordings_in(carried)} == {text: f"{text}请关注。" for text in same}
    assert sorted(second.doubts.values_list("was", flat=True)) == sorted(set(texts) - set(after))
    doubt = next(each for each in second.doubts.all() if "〔3件" in each.was and "〔4件" in each.now)
    assert doubt.offer == f"{doubt.now}请关注。"
    page = f"{STUDIO}{second.pk}/"
    assert "加强值班" in maker.get(f"{page}pages/public/").content.decode(), "the carried words are shown"
    body = [
        next((one.text for one in rewordings_in(carried) if one.was == each["text"]), each["text"])
        for each in second.sentences
    ]
    choices = {f"doubt-{each.pk}": "taken" if each == doubt else "left" for each in second.doubts.all()}
    assert maker.post(f"{page}wording/", body_form(second, 1, *body, **choices)).status_code == 302
    assert run_waiting(patience=0) == 1
    assert "请关注" in maker.get(f"{page}pages/public/").content.decode()
    assert maker.post(f"{page}do/propose/").status_code == 302


@pytest.mark.django_db
def test_another_version_goes_on_with_the_words_of_the_last(sign_in: Sign) -> None:
    maker = sign_in(Role.ANALYST)
    first = frozen(STAYS)
    assert maker.post(f"{STUDIO}{first.pk}/wording/", body_form(first, 0, "改过的话。")).status_code == 302
    assert maker.post(f"{STUDIO}{first.pk}/do/discard/").status_code == 302
    assert 'name="carry" value="1" checked' in maker.get(STUDIO).content.decode()
    assert maker.post(f"{STUDIO}new/", {"period": "2025-04", "carry": "1"}).status_code == 302
    second = Draft.objects.get(stage=Stage.OPEN)
    assert second.carries == first
    assert maker.post(f"{STUDIO}{second.pk}/do/discard/").status_code == 302
    # One that was given up before it was frozen has no words; without the tick none are taken.
    assert maker.post(f"{STUDIO}new/", {"period": "2025-04", "carry": "1"}).status_code == 302
    third = Draft.objects.get(stage=Stage.OPEN)
    assert third.carries == first
    assert maker.post(f"{STUDIO}{third.pk}/do/discard/").status_code == 302
    assert maker.post(f"{STUDIO}new/", {"period": "2025-04"}).status_code == 302
    assert Draft.objects.get(stage=Stage.OPEN).carries is None
