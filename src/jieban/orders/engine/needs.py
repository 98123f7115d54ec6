"""What acts ask of those who do them, whichever the act."""

from jieban.kernel.i18n import tr
from jieban.orders.engine.step import Step
from jieban.orders.errors import Missing


def need_reason(step: Step, reason: str) -> None:
    """Raises Missing for an act that must say why and doesn't."""
    if not reason.strip():
        raise Missing(tr("没有写明原因。"), fix=tr("请写明原因后再提交。"))
    step.say(reason=reason)
