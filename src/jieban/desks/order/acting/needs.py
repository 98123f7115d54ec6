"""What a form still lacks, so that it can be shown while it is filled in. The act itself refuses by the same rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django import forms

from jieban.desks.order.acting.questions import REPLY_PREFIX
from jieban.kernel.i18n import tr
from jieban.orders.actions.reply import reply_fields
from jieban.orders.evidence.exhibits import exhibits_for
from jieban.orders.models import Order
from jieban.orders.texts import written
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.workflow import Condition


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """Something that is lacking unless the field `field` has at least `least` characters, or `there`.

    `wanted`: lacking even while nothing is written; else only a text that is begun must be long enough. With `when`, it
    is needed only while that field has one of `values`: a box that is ticked has `on`. `told` is what is said at the
    field once it was refused.
    """

    name: str
    told: str
    field: str = ""
    least: int = 1
    wanted: bool = True
    when: str = ""
    values: tuple[str, ...] = ()
    there: bool = False


def mark_lacking(form: forms.Form, needs: Iterable[Need]) -> None:
    """What a refused form lacks is said at its fields, too; what no field stands for is in the refusal alone."""
    for each in needs:
        field = each.field or each.when
        if field and _lacks(form.data, each):
            form.add_error(field, each.told)


def _lacks(given: Mapping[str, str], need: Need) -> bool:
    if need.when and given.get(need.when, "") not in need.values:
        return False
    if not need.field:
        return not need.there
    length = written(given.get(need.field, ""))
    return length < need.least and (need.wanted or length > 0)


def needs_of(actor: Actor, act: Act, order: Order, handling: int | None) -> tuple[Need, ...]:
    """What the form of an act needs; nothing for a form that shows it by its fields. One query for evidence."""
    if handling is None:
        return ()
    if act is Act.REPLY:
        return (*_of_template(order), *_of_evidence(actor, order, handling))
    if act is Act.DECLARE_UNREASONABLE:
        return tuple(_of_file(actor, order, handling))
    return ()


def _of_template(order: Order) -> Iterator[Need]:
    for each in reply_fields(order, city().workflow.reply):
        if not each.required and each.min_chars <= 1:
            continue
        least = 1 if each.choices else max(each.min_chars, 1)
        long = least > 1
        yield Need(
            name=tr("{field}(至少 {n} 字)", field=each.name, n=least) if long else each.name,
            told=tr("至少写 {n} 个字。", n=least) if long else tr("这一项要填。"),
            field=REPLY_PREFIX + each.code,
            least=least,
            wanted=each.required,
        )


def _of_evidence(actor: Actor, order: Order, handling: int) -> Iterator[Need]:
    there = {
        each.evidence.kind
        for each in exhibits_for(actor, order, {handling})
        if each.evidence.handling is not None
        and each.handling == handling
        and each.evidence.round == each.evidence.handling.round
    }
    for condition, kind in city().workflow.evidence.demanded(order.request_type):
        when = "" if condition is Condition.ALWAYS else condition.value
        yield Need(
            name=tr("证据:{kind}", kind=kind.name),
            told=tr("还没有上传{kind}。", kind=kind.name),
            when=when,
            values=("on",) if when else (),
            there=kind.code in there,
        )


def _of_file(actor: Actor, order: Order, handling: int) -> Iterator[Need]:
    for field, name in (
        ("ground", tr("认定的情形")),
        ("inquiry", tr("调查情况")),
        ("policy", tr("政策依据")),
    ):
        yield Need(name=name, told=tr("这一项要填。"), field=field)
    grounds = tuple(each.code for each in city().workflow.unreasonable_grounds if each.needs_attachment)
    if grounds:
        brought = any(each.handling == handling for each in exhibits_for(actor, order, {handling}))
        told = tr("这一情形要先上传证明材料。")
        yield Need(name=tr("证明材料"), told=told, when="ground", values=grounds, there=brought)
