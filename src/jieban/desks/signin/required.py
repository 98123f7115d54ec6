"""Of whom one-time codes are required."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from jieban.people.actor import Actor
from jieban.people.models import Account


def requires_codes(actor: Actor) -> bool:
    """Whether one of the actor's roles may work only with one-time codes (JIEBAN_TWO_STEP_ROLES)."""
    return not actor.roles.isdisjoint(settings.JIEBAN_TWO_STEP_ROLES)


def owes_codes(account: Account, actor: Actor) -> bool:
    """Whether codes are required of somebody who hasn't set them up. One query, for those roles alone."""
    return requires_codes(actor) and not is_mfa_enabled(account, [Authenticator.Type.TOTP])
