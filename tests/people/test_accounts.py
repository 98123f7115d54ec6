"""Accounts and posts: what may be, what is refused and leaves nothing behind, and what the database itself refuses."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, models, transaction
from pytest_django import Settings

from jieban.people.accounts import (
    account_named,
    add_account,
    end_post,
    give_post,
    role_named,
    set_active,
    unit_named,
)
from jieban.people.city import city
from jieban.people.errors import (
    AccountDisabled,
    BadAccount,
    BadPost,
    NoProfile,
    NoSuchAccount,
    NoSuchPost,
    PostHeld,
    UsernameTaken,
)
from jieban.people.models import Account, Post
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from live_database import LiveDatabase

NOW = datetime(2025, 5, 7, 2, 30, tzinfo=UTC)
DAY = date(2025, 5, 7)
UNIT = "roads"


@pytest.fixture
def account(db: None) -> Account:
    del db
    return add_account(username="guli", display_name="古丽", now=NOW)


def give(
    account: Account,
    role: Role = Role.OPERATOR,
    unit: str | None = None,
    first: date = DAY,
    last: date | None = None,
) -> Post:
    return give_post(account=account, role=role, unit=unit, first=first, last=last, profile=city())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"), [("guli", "guli"), (" Guli ", "guli"), ("ＧＵＬＩ", "guli"), ("g.li_2-3", "g.li_2-3")]
)
def test_usernames_are_kept_in_one_form(typed: str, kept: str) -> None:
    made = add_account(username=typed, display_name=" 买买提·艾力 ", now=NOW)
    assert (made.username, made.display_name, made.joined_at) == (kept, "买买提·艾力", NOW)
    assert account_named(typed) == made
    assert not made.has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["", "a", "古丽", "a b", ".ab", "-ab", "a" * 33, "a\nb", "a/b"])
def test_a_username_of_another_form_is_refused(username: str) -> None:
    with pytest.raises(BadAccount):
        add_account(username=username, display_name="古丽", now=NOW)
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "  ", "古" * 65, "古\n丽", "古\u202e丽"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(BadAccount):
        add_account(username="guli", display_name=name, now=NOW)
    assert not Account.objects.exists()


def test_a_username_is_given_once(account: Account) -> None:
    with pytest.raises(UsernameTaken):
        add_account(username="GULI", display_name="另一位", now=NOW)
    assert list(Account.objects.all()) == [account]


def test_an_unknown_username_is_told_with_a_near_one(account: Account) -> None:
    with pytest.raises(NoSuchAccount, match=account.username):
        account_named("gulli")


def test_roles_go_by_code_and_by_name() -> None:
    assert role_named("dispatcher") is role_named(" 派单员 ") is Role.DISPATCHER
    for word in ("市民", "system", "主任"):
        with pytest.raises(BadPost):
            role_named(word)


def test_units_go_by_code_and_by_any_spelling() -> None:
    assert {unit_named(word, profile=city(), on=DAY) for word in ("roads", "路运局", "交运局")} == {"roads"}
    with pytest.raises(BadPost, match="路运局"):
        unit_named("路运", profile=city(), on=DAY)


@pytest.mark.parametrize("role", POST_ROLES)
def test_a_unit_belongs_to_the_roles_of_units_and_to_no_other(account: Account, role: Role) -> None:
    right, wrong = (UNIT, None) if role in UNIT_ROLES else (None, UNIT)
    with pytest.raises(BadPost):
        give(account, role, wrong)
    assert not Post.objects.exists()
    assert give(account, role, right).unit == right


@pytest.mark.parametrize("role", POST_ROLES)
@pytest.mark.parametrize("unit", [None, "", UNIT])
def test_the_database_holds_that_too(account: Account, role: Role, unit: str | None) -> None:
    def insert() -> None:
        with transaction.atomic():
            Post.objects.create(account=account, role=role, unit=unit, valid_from=DAY)

    if (role in UNIT_ROLES) == (unit == UNIT) and unit != "":
        insert()
    else:
        with pytest.raises(IntegrityError):
            insert()


@pytest.mark.parametrize("role", ["citizen", "system", "mayor", ""])
def test_the_database_knows_the_roles(account: Account, role: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(account=account, role=role, valid_from=DAY)


def test_a_post_does_not_end_before_it_begins(account: Account) -> None:
    with pytest.raises(BadPost):
        give(account, last=date(2025, 5, 6))
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(account=account, role=Role.LEADER, valid_from=DAY, valid_to=date(2025, 5, 6))


@pytest.mark.parametrize("unit", ["roadz", "不存在局"])
def test_a_unit_that_the_city_does_not_have_is_refused(account: Account, unit: str) -> None:
    with pytest.raises(BadPost, match=unit):
        give(account, Role.HANDLER, unit)
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (date(2025, 6, 1), None, True),
        (date(2025, 1, 1), None, True),
        (date(2025, 1, 1), date(2025, 5, 7), True),
        (date(2025, 5, 31), date(2025, 6, 30), True),
        (date(2025, 6, 1), date(2025, 6, 30), True),
        (date(2025, 1, 1), date(2025, 5, 6), False),
    ],
)
def test_nobody_holds_a_post_twice_at_once(
    account: Account, first: date, last: date | None, *, refused: bool
) -> None:
    give(account)
    if refused:
        with pytest.raises(PostHeld, match="2025-05-07"):
            give(account, first=first, last=last)
    else:
        give(account, first=first, last=last)
    give(account, Role.HEAD, UNIT)
    give(account, Role.HEAD, "safety")


def test_a_disabled_account_gets_no_post(account: Account) -> None:
    set_active(account=account, active=False)
    with pytest.raises(AccountDisabled):
        give(account)
    set_active(account=account, active=True)
    give(account)


def test_a_post_ends_once_and_can_be_held_again(account: Account) -> None:
    given = give(account, Role.HEAD, UNIT)
    with pytest.raises(BadPost):
        end_post(account=account, role=Role.HEAD, unit=UNIT, last=date(2025, 5, 6))
    for unit, role in ((None, Role.OPERATOR), ("safety", Role.HEAD)):
        with pytest.raises(NoSuchPost):
            end_post(account=account, role=role, unit=unit, last=DAY)
    assert end_post(account=account, role=Role.HEAD, unit=UNIT, last=DAY) == given
    assert Post.objects.get().valid_to == DAY
    with pytest.raises(NoSuchPost):
        end_post(account=account, role=Role.HEAD, unit=UNIT, last=DAY)
    give(account, Role.HEAD, UNIT, first=date(2025, 5, 8))
    assert Post.objects.valid_on(DAY).get() == given


def test_accounts_with_posts_are_never_deleted(account: Account) -> None:
    give(account)
    with pytest.raises(models.ProtectedError):
        account.delete()


def test_of_many_at_once_one_gets_the_post(database: LiveDatabase) -> None:
    add_account(username="guli", display_name="古丽", now=NOW)
    results = database.in_threads(8, lambda _index: give(account_named("guli"), Role.HEAD, UNIT))
    assert sorted(type(each).__name__ for each in results) == ["Post", *["PostHeld"] * 7]
    assert Post.objects.count() == 1


def test_an_installation_names_its_city(settings: Settings) -> None:
    settings.JIEBAN_PROFILE = ""
    with pytest.raises(NoProfile, match="JIEBAN_PROFILE"):
        city()
    settings.JIEBAN_PROFILE = "yunting"
    assert city() is city()
