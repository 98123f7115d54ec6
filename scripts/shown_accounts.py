"""Signing in, one's own account, and what is refused (part of shown.py)."""

from account_steps import SecondStep, expired, locked_out, overfull
from showing import Shown, anybody
from steps import click, confirmed, fill, to

_SECOND = SecondStep("analyst")
NOBODYS = "13900000001"
"""No account's password."""

ACCOUNTS = (
    anybody("sign-in", "/account/login/"),
    Shown(
        name="sign-in-wrong",
        who=None,
        path="/account/login/",
        steps=(fill(login="nobody", password=NOBODYS), click("button.main")),
    ),
    Shown(name="sign-in-locked", who=None, path="/account/login/", steps=(locked_out,), refused=True),
    Shown(name="expired", who=None, path="/account/login/", steps=(expired,), refused=True),
    Shown(
        name="too-large", who="operator", path="/account/password/change/", steps=(overfull,), refused=True
    ),
    Shown(name="bad-request", who="operator", path=f"/desk/search/?{'q=x&' * 1200}", refused=True),
    Shown(name="not-so", who="operator", path="/desk/search/views/", refused=True),
    anybody("inactive", "/account/inactive/"),
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
        anybody(name, "/account/login/", _SECOND.inside, to(f"/account/2fa/{where}"), *then, view=view)
        for name, where, view, *then in (
            ("second-step-on", "", "mfa_index"),
            ("second-step-codes", "recovery-codes/", "mfa_view_recovery_codes", confirmed),
            ("second-step-new-codes", "recovery-codes/generate/", "mfa_generate_recovery_codes", confirmed),
            ("second-step-off", "totp/deactivate/", "mfa_deactivate_totp", confirmed),
            ("second-step-confirm", "reauthenticate/", "mfa_reauthenticate"),
        )
    ),
    anybody("sign-in-code", "/account/login/", _SECOND.asked, view="mfa_authenticate"),
)
