"""What acts ask of those who do them, whichever the act."""

from jieban.kernel.i18n import tr
from jieban.orders.checks import MOST_CHARACTERS
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue, Missing
from jieban.orders.texts import check_text, written


def need_reason(step: Step, reason: str) -> None:
    """Raises Missing for an act that must say why and doesn't."""
    if not written(reason):
        raise Missing(tr("没有写明原因。"), fix=tr("请写明原因后再提交。"))
    step.say(reason=reason)


def need_text(text: str, what: str) -> str:
    """The text without blanks around it. Raises Missing for an empty one, BadValue for one too long or in pieces."""
    check_text(text, what)
    text = text.strip()
    if not written(text):
        raise Missing(tr("没有写{what}。", what=what), fix=tr("请填写后再提交。"))
    if len(text) > MOST_CHARACTERS:
        raise BadValue(
            tr("{what}有 {n} 字,超过 {most} 字。", what=what, n=len(text), most=MOST_CHARACTERS),
            fix=tr("请写要点,全文作为附件上传。"),
        )
    return text
