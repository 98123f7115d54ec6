"""Progress: what takes long is reported on in stages."""

from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.engine.needs import need_text
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.people.actor import Actor
from jieban.people.acts import Act

PROGRESS_SLOT = "progress"


def report_progress(*, order: str, handling: int, progress: str, actor: Actor, now: datetime) -> Done:
    """Say how far the unit has come. Moves nothing. Raises Missing without a word."""

    def body(step: Step) -> None:
        step.say(**{PROGRESS_SLOT: need_text(progress, tr("进展情况"))})

    return perform(Act.REPORT_PROGRESS, body, order=order, handling=handling, actor=actor, now=now)
