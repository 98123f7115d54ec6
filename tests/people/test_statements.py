"""What is asked by statements that are made once is what a queryset finds, of every value and on every day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.models import Account, Post
from jieban.people.roles import Role
from jieban.people.statements import asked

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 21, 2, 0, tzinfo=UTC)
FIRST = date(2025, 4, 1)


def account(name: str) -> Account:
    return add_account(username=name, display_name=name, now=NOW)


def test_posts_of_each_day_are_what_the_queryset_finds() -> None:
    one, other = account("one"), account("other")
    unit = next(iter(city().units))
    for whose, role, where, days in (
        (one, Role.LIAISON, unit, 9),
        (one, Role.OPERATOR, None, None),
        (other, Role.DISPATCHER, None, 2),
    ):
        last = None if days is None else FIRST + timedelta(days=days)
        give_post(account=whose, role=role, unit=where, first=FIRST, last=last, profile=city())
    counts = []
    for whose in (one, other):
        for day in (FIRST - timedelta(days=1), FIRST, FIRST + timedelta(days=2), FIRST + timedelta(days=10)):
            found = whose.held_on(day)
            assert found == {
                (Role(post.role), post.unit) for post in Post.objects.filter(account=whose).valid_on(day)
            }
            counts.append(len(found))
    assert counts == [0, 2, 2, 1, 0, 1, 1, 0]


def test_instants_and_numbers_come_back_as_they_were() -> None:
    whose = account("one")
    for since, there in ((NOW - timedelta(seconds=1), [(whose.pk, NOW)]), (NOW, [])):
        answer = asked(
            "in a test",
            lambda since=since: Account.objects.filter(joined_at__gt=since).values_list("pk", "joined_at"),  # type: ignore[misc]
            since,
        )
        assert (answer.columns, [tuple(each) for each in answer.rows]) == (["id", "joined_at"], there)


def test_a_question_that_asks_with_other_values_is_refused() -> None:
    with pytest.raises(ValueError, match="asks with"):
        asked("one", lambda: Account.objects.filter(pk=1, username="a"), 1)
    with pytest.raises(ValueError, match="more than rows"):
        asked("two", lambda: Post.objects.filter(account=1).select_related("account"), 1)
