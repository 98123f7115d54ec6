"""The tables of the month at a glance."""

from jieban.desks.month.figures import NOTHING, Three, behind, codes, with_bars
from jieban.desks.month.summary import Cell, Grid, Line
from jieban.indicators.model import MISSING
from jieban.indicators.registry import REGISTRY
from jieban.kernel.i18n import tr
from jieban.profile.city import Profile

ORDERS = "orders.total"
HANDLINGS = "handlings.total"
OTHER = "other"


def grids(three: Three) -> tuple[Grid, ...]:
    """All tables, in the order in which they are shown."""
    return (_topics(three), _units(three), _groups(three), _streets(three), _types(three), _channels(three))


def topic_name(three: Three, code: str) -> str:
    """What a topic was called at the period's end."""
    profile = three.profile
    if code not in profile.order_topics:
        return code or _unnamed()
    return profile.topic_name(profile.order_scheme, code, three.period.last)


def unit_name(three: Three, code: str) -> str:
    """What a unit was called at the period's end, in short."""
    known = code in three.profile.units
    return three.profile.unit_name(code, three.period.last, short=True) if known else code or _unnamed()


def _unnamed() -> str:
    return tr("未填")


def _topics(three: Three) -> Grid:
    profile = three.profile
    pairs = [key for key, _ in three.now.rows(ORDERS, "topic", "subtopic")]

    def deeper(topic: str) -> tuple[Line, ...]:
        within = [sub for of, sub in pairs if of == topic and sub != MISSING]
        known = profile.subtopics(profile.order_scheme, topic) if topic in profile.order_topics else {}
        counts = {sub: three.now.number(ORDERS, topic=topic, subtopic=sub) for sub in within}
        return tuple(
            Line(
                name=profile.subtopic_name(profile.order_scheme, topic, sub, three.period.last)
                if sub in known
                else sub,
                cells=three.cells(
                    ORDERS, behind(ORDERS, topic=topic, subtopic=sub), topic=topic, subtopic=sub
                ),
            )
            for sub in sorted(within, key=lambda sub: (sub == OTHER, -counts[sub], sub))
        )

    found = codes(three, ORDERS, "topic")
    lines = [
        Line(
            name=topic_name(three, code),
            cells=three.cells(ORDERS, behind(ORDERS, topic=code), topic=code),
            deeper=deeper(code),
        )
        for code in found
    ]
    return Grid(
        id="topics",
        title=tr("诉求热点"),
        named=tr("分类"),
        columns=three.headings(tr("工单"), "orders"),
        lines=with_bars(lines, [three.now.number(ORDERS, topic=code) for code in found]),
    )


def _units(three: Three) -> Grid:
    def cell(name: str, code: str, *, listed: bool = False) -> Cell:
        figure = three.now.figure(name, unit=code)
        text = NOTHING if figure is None else figure.text + (figure.unit if figure.unit == "%" else "")
        return Cell(
            text=text, behind=behind(name, unit=code) if listed and text not in {"0", NOTHING} else ""
        )

    found = codes(three, HANDLINGS, "unit")
    lines = [
        Line(
            name=unit_name(three, code),
            cells=(
                *three.cells(HANDLINGS, behind(HANDLINGS, unit=code), unit=code),
                cell("handlings.late_sign", code, listed=True),
                cell("handlings.on_time_sign", code),
                cell("handlings.late_close", code, listed=True),
                cell("handlings.on_time_close", code),
                cell("orders.dissatisfied", code, listed=True),
            ),
        )
        for code in found
    ]
    return Grid(
        id="units",
        title=tr("承办单位"),
        named=tr("单位"),
        columns=(
            *three.headings(tr("承办"), "handlings"),
            tr("超期签收"),
            tr("按期签收率"),
            tr("超期办结"),
            tr("按期办结率"),
            tr("不满意"),
        ),
        lines=with_bars(lines, [three.now.number(HANDLINGS, unit=code) for code in found]),
    )


def _groups(three: Three) -> Grid:
    names = {label.code: label.name for label in three.profile.unit_groups}
    return _simple(
        three,
        "groups",
        title=tr("承办类别"),
        named=tr("类别"),
        of=HANDLINGS,
        dimension="unit_group",
        names=names,
    )


def _types(three: Three) -> Grid:
    names = _names(three.profile, "request_types")
    return _simple(
        three,
        "types",
        title=tr("诉求类型"),
        named=tr("类型"),
        of=ORDERS,
        dimension="request_type",
        names=names,
    )


def _channels(three: Three) -> Grid:
    names = _names(three.profile, "channels")
    return _simple(
        three, "channels", title=tr("受理渠道"), named=tr("渠道"), of=ORDERS, dimension="channel", names=names
    )


def _streets(three: Three) -> Grid:
    names = {code: street.short_name for code, street in three.profile.streets.items()}
    return _simple(
        three,
        "streets",
        title=tr("街道乡镇"),
        named=tr("街道乡镇"),
        of=ORDERS,
        dimension="street",
        names=names,
    )


def _names(profile: Profile, register: str) -> dict[str, str]:
    return {code: named.name for code, named in getattr(profile, register).items()}


def _simple(
    three: Three, name: str, *, title: str, named: str, of: str, dimension: str, names: dict[str, str]
) -> Grid:
    found = codes(three, of, dimension)
    lines = [
        Line(
            name=names.get(code, code or _unnamed()),
            cells=three.cells(of, behind(of, **{dimension: code}), **{dimension: code}),
        )
        for code in found
    ]
    return Grid(
        id=name,
        title=title,
        named=named,
        columns=three.headings(tr("工单") if of == ORDERS else tr("承办"), REGISTRY[of].table),
        lines=with_bars(lines, [three.now.number(of, **{dimension: code}) for code in found]),
    )
