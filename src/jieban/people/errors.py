"""What is refused in matters of accounts and posts."""

from collections.abc import Sequence

from jieban.kernel.errors import Exit, JiebanError
from jieban.profile.documents.faults import Fault


class BadAccount(JiebanError):
    """A username or a person's name of another form than accounts have."""

    code = "people.bad_account"
    exit_code = Exit.USAGE


class UsernameTaken(JiebanError):
    """Another account has this username."""

    code = "people.username_taken"
    exit_code = Exit.USAGE


class NoSuchAccount(JiebanError):
    """No account has this username."""

    code = "people.no_such_account"
    exit_code = Exit.USAGE


class AccountDisabled(JiebanError):
    """The account may no longer act."""

    code = "people.account_disabled"
    exit_code = Exit.USAGE


class BadPost(JiebanError):
    """A post that can't be: an unknown role or unit, a unit where none belongs, an end before the beginning."""

    code = "people.bad_post"
    exit_code = Exit.USAGE


class PostHeld(JiebanError):
    """The post is already held in that time."""

    code = "people.post_held"
    exit_code = Exit.USAGE


class NoSuchPost(JiebanError):
    """The account doesn't hold this post."""

    code = "people.no_such_post"
    exit_code = Exit.USAGE


class NoProfile(JiebanError):
    """The installation doesn't say which city it serves."""

    code = "people.no_profile"
    exit_code = Exit.USAGE


class OwnAccount(JiebanError):
    """What an administrator may do to others' accounts only."""

    code = "people.own_account"
    exit_code = Exit.USAGE


class CityRefused(JiebanError):
    """A change to the city's data after which it couldn't be used. `faults` are those of the profile as it would be."""

    code = "people.city_refused"
    exit_code = Exit.BAD_PROFILE

    def __init__(self, what: str, *, faults: Sequence[Fault] = (), fix: str | None = None) -> None:
        super().__init__(what, fix=fix)
        self.faults = tuple(faults)


class CityMoved(JiebanError):
    """Somebody else changed the same place meanwhile, or will from a later day on."""

    code = "people.city_moved"
    exit_code = Exit.USAGE


class NoSuchChange(JiebanError):
    """No change of the city has this number."""

    code = "people.no_such_change"
    exit_code = Exit.USAGE


class NotYours(JiebanError):
    """A decision that belongs to another administrator, or that was made already."""

    code = "people.not_yours"
    exit_code = Exit.USAGE
