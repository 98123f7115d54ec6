"""What is refused in matters of accounts and posts."""

from jieban.kernel.errors import Exit, JiebanError


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
