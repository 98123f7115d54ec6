"""The tables of accounts, their posts, of who changed what about them, and of what was changed of the city."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from jieban.people.statements import asked

USERNAME_LENGTH = 32
NAME_LENGTH = 64
CODE_LENGTH = 64
_IN_UNITS = [
    role.value for role in POST_ROLES if role in UNIT_ROLES
]  # plain texts, as a migration writes them down


class AccountManager(BaseUserManager["Account"]):
    """Accounts by username. Made through `people.accounts.add_account`, which checks what is typed."""

    def create_user(
        self, username: str, *, display_name: str, joined_at: datetime, password: str | None = None
    ) -> "Account":
        """A new account; without a password nobody can sign in to it."""
        account = self.model(username=username, display_name=display_name, joined_at=joined_at)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody who works with orders. Never deleted, as events name it for good: only disabled.

    `password_once`: the password was given by an administrator, and its holder has to choose one of their own.
    """

    username = models.CharField(max_length=USERNAME_LENGTH, unique=True)
    display_name = models.CharField(max_length=NAME_LENGTH)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    password_once = models.BooleanField(default=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        default_permissions = ()  # rights are people.policy's

    def __str__(self) -> str:
        return self.username

    def held_on(self, day: date) -> frozenset[tuple[Role, str | None]]:
        """The posts of a day of the city's calendar: each a role, and the unit's code where it belongs to one.

        One statement.
        """
        found = asked("posts of a day", lambda: self._posts_of(day), self.pk, day, day)
        return frozenset((Role(role), unit) for role, unit in found.rows)

    def _posts_of(self, day: date) -> "models.QuerySet[Post, tuple[str, str | None]]":
        return Post.objects.filter(account=self).valid_on(day).values_list("role", "unit")


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, by the days on which they are held."""

    def valid_on(self, day: date) -> "PostQuerySet":
        """Those held on `day`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def overlapping(self, first: date, last: date | None) -> "PostQuerySet":
        """Those held on some day from `first` to `last`, both included; None for open."""
        found = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        return found if last is None else found.filter(valid_from__lte=last)


class Post(models.Model):
    """A role that an account holds from one day to another, both included, in a unit where the role belongs to one.

    `unit` is a code of the profile. Posts end and are never deleted: they say in which role somebody acted.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=CODE_LENGTH)
    unit = models.CharField(max_length=CODE_LENGTH, null=True)  # noqa: DJ001  # the centre's roles have none, not ""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects: ClassVar["models.Manager[Post]"] = PostQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in POST_ROLES]), name="post_role_known"
            ),
            models.CheckConstraint(
                condition=(Q(role__in=_IN_UNITS, unit__isnull=False) & ~Q(unit=""))
                | (~Q(role__in=_IN_UNITS) & Q(unit__isnull=True)),
                name="post_unit_where_it_belongs",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="post_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=("account", "role", "unit"),
                condition=Q(valid_to__isnull=True, unit__isnull=False),
                name="post_in_unit_open_once",
            ),
            models.UniqueConstraint(
                fields=("account", "role"),
                condition=Q(valid_to__isnull=True, unit__isnull=True),
                name="post_open_once",
            ),
        )
        indexes = (models.Index(fields=("unit", "role"), name="post_of_unit"),)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.role} {self.unit or ''}".rstrip()


class AccountAct(StrEnum):
    """What is done to an account, by the code that rows store."""

    ADD = "add"
    ENABLE = "enable"
    DISABLE = "disable"
    GIVE_POST = "give_post"
    END_POST = "end_post"
    GIVE_PASSWORD = "give_password"  # noqa: S105  # no password
    CHOOSE_PASSWORD = "choose_password"  # noqa: S105  # as above
    RESET_SECOND_STEP = "reset_second_step"


class AccountChange(models.Model):
    """Something that was done to an account: when, by whom (None: by the command line), and to which post.

    Rows are added and never changed: the database itself refuses that (people/triggers.py).
    """

    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="changes_made")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(max_length=CODE_LENGTH)
    role = models.CharField(max_length=CODE_LENGTH, null=True)  # noqa: DJ001  # as in posts: none, not ""
    unit = models.CharField(max_length=CODE_LENGTH, null=True)  # noqa: DJ001  # as above
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(act__in=[each.value for each in AccountAct]), name="account_change_known"
            ),
        )
        indexes = (models.Index(fields=("account", "id"), name="account_change_of"),)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.act}"


class CityChange(models.Model):
    """A change to the city's data that somebody wants: what, from which day, and why (None in `by`: the command line).

    `changes` is what `jieban.profile.documents.changes` stores. Rows are added and never changed; what became of one
    stands in its decisions.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="city_changes")
    document = models.CharField(max_length=CODE_LENGTH)
    title = models.TextField()
    why = models.TextField()
    first_day = models.DateField()
    changes = models.TextField()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("document", "id"), name="city_change_of"),)

    def __str__(self) -> str:
        return f"{self.pk}: {self.document}"


class Verdict(StrEnum):
    """What becomes of a change to the city's data."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class CityDecision(models.Model):
    """What became of a change, in the order of `number`, which no two share: so nobody decides on what has moved.

    `version` is that of the city as it is planned with all accepted changes. Rows are added and never changed.
    """

    number = models.PositiveIntegerField(unique=True)
    change = models.ForeignKey(CityChange, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=CODE_LENGTH)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="city_decisions")
    why = models.TextField(blank=True)
    version = models.CharField(max_length=CODE_LENGTH)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=[each.value for each in Verdict]), name="city_decision_known"
            ),
            models.UniqueConstraint(fields=("change", "verdict"), name="city_decision_once"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.change_id} {self.verdict}"
