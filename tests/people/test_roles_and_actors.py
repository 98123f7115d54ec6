"""Whoever acts: in which roles, in which units, under which name in the trail."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from jieban.people.accounts import set_active
from jieban.people.actor import Actor, actor_of
from jieban.people.errors import AccountDisabled
from jieban.people.models import Account, Post
from jieban.people.roles import POST_ROLES, ROLE_NAMES, UNIT_ROLES, Role

DAY = date(2025, 5, 7)
BOTH = Actor(
    account=12,
    name="古丽",
    posts=frozenset({(Role.HANDLER, "roads"), (Role.HEAD, "safety"), (Role.OPERATOR, None)}),
)


def test_every_role_has_a_name_of_its_own() -> None:
    assert set(ROLE_NAMES) == set(Role)
    assert len(set(ROLE_NAMES.values())) == len(Role)


def test_accounts_are_given_every_role_but_those_of_nobody() -> None:
    assert set(Role) - set(POST_ROLES) == {Role.CITIZEN, Role.SYSTEM}
    assert set(POST_ROLES) >= UNIT_ROLES


def test_a_unit_is_asked_for_by_role() -> None:
    assert BOTH.roles == {Role.HANDLER, Role.HEAD, Role.OPERATOR}
    assert BOTH.units_as() == {"roads", "safety"}
    assert BOTH.units_as(Role.HEAD) == {"safety"}
    assert BOTH.units_as(Role.LIAISON, Role.HANDLER) == {"roads"}
    assert BOTH.units_as(Role.OPERATOR) == frozenset()
    assert BOTH.in_unit("roads")
    assert BOTH.in_unit("roads", Role.HANDLER)
    assert not BOTH.in_unit("roads", Role.HEAD)
    assert BOTH.has(Role.OPERATOR)
    assert not BOTH.has(Role.LIAISON)


def test_the_trail_names_accounts_by_number_and_nobody_by_name() -> None:
    assert BOTH.ref == "account:12"
    assert Actor.system().ref == "system"
    assert Actor.citizen().ref == "citizen"
    assert Actor.citizen("K7Q2").ref == "citizen:K7Q2"
    assert Actor.citizen("K7Q2").has(Role.CITIZEN)
    assert Actor.citizen("K7Q2").name == "市民"


def test_who_is_played_without_an_account_is_no_citizen_in_the_trail() -> None:
    played = Actor(
        account=None,
        name="operator",
        posts=frozenset({(Role.OPERATOR, None)}),
        reference="played:operator",
    )
    assert played.ref == "played:operator"


def test_an_actor_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        BOTH.account = 13  # type: ignore[misc]


@pytest.fixture
def account(db: None) -> Account:
    del db
    return Account.objects.create_user(
        "guli", display_name="古丽", joined_at=datetime(2025, 1, 2, 3, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (date(2025, 1, 1), DAY, True),
        (date(2025, 1, 1), date(2025, 5, 6), False),
        (date(2025, 5, 8), None, False),
    ],
)
def test_posts_count_on_their_days_both_ends_included(
    account: Account, first: date, last: date | None, *, held: bool
) -> None:
    Post.objects.create(account=account, role=Role.HEAD, unit="roads", valid_from=first, valid_to=last)
    actor = actor_of(account, DAY)
    assert actor.posts == ({(Role.HEAD, "roads")} if held else frozenset())
    assert (actor.account, actor.name) == (account.pk, "古丽")


def test_an_actor_costs_one_statement(
    account: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Post.objects.create(account=account, role=Role.OPERATOR, valid_from=DAY)
    with django_assert_num_queries(1):
        assert actor_of(account, DAY).has(Role.OPERATOR)


def test_a_disabled_account_acts_no_longer(account: Account) -> None:
    set_active(account=account, active=False)
    with pytest.raises(AccountDisabled, match="guli"):
        actor_of(Account.objects.get(), DAY)
