"""Which lists of the city are edited row by row, each declared once: what its rows say, and where they stand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from jieban.desks.administration.declared.fields import Choices, Field, Kind, aliases_field
from jieban.desks.administration.declared.ground import Ground
from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.people.city import city
from jieban.profile.city import Profile
from jieban.profile.documents.changes import Change
from jieban.profile.model import Community, Named

Cells = dict[str, str]
Founded = tuple[Cells, tuple[Change, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list whose rows are known by a code.

    `part` is the part of the desk that it belongs to, `at` the page that shows it where that is another. `orders` is
    the column in which orders name its things. A new row goes behind the last that says the same in column `beside`;
    rows that name another in column `inner` follow it when it is renamed.
    What has no `days` is no Named: it is taken out instead of ended. `first` are fields of new rows only; `founded`
    makes what a new row brings along.
    """

    id: str
    part: str
    noun: Later
    document: str
    known: Callable[[Profile], Mapping[str, Named] | Mapping[str, Community]]
    fields: Callable[[], tuple[Field, ...]]
    orders: str = ""
    at: str = ""
    beside: str = ""
    inner: str = ""
    days: bool = True
    first: Callable[[], tuple[Field, ...]] = tuple
    founded: Callable[[Ground, Cells], Founded] | None = None
    lead: Later | None = None

    @property
    def name(self) -> str:
        """What one of its things is called."""
        return tr_later(self.noun)

    @property
    def path(self) -> str:
        """The address below which its rows are edited."""
        return f"/desk/administration/{self.id}/"

    @property
    def back(self) -> str:
        """The page that shows it."""
        return f"/desk/administration/{self.at or self.part}"


def named(listing: Listing, profile: Profile) -> Mapping[str, Named]:
    """The things of a list that has days."""
    return {code: each for code, each in listing.known(profile).items() if isinstance(each, Named)}


def _plain(*between: Field, short: bool = True) -> tuple[Field, ...]:
    return (
        Field(key="name", label=tr("名称"), required=True),
        *((Field(key="short_name", label=tr("简称"), hint=tr("表格里用;不填则同名称。")),) if short else ()),
        *between,
        aliases_field(),
    )


def _of_units() -> tuple[Field, ...]:
    return _plain(
        Field(key="kind", label=tr("种类"), kind=Kind.ONE, required=True, choices=_kinds),
        Field(key="group", label=tr("报告分组"), kind=Kind.ONE, required=True, choices=_groups),
        Field(key="parent", label=tr("上级"), kind=Kind.ONE, choices=_units, hint=tr("没有就不选。")),
    )


def _of_streets() -> tuple[Field, ...]:
    tile = tr("领导页上的方格地图:从西北角数起的列-行,如 3-2;不填则不在图上。")
    return _plain(
        Field(key="kind", label=tr("种类"), kind=Kind.ONE, required=True, choices=_kinds),
        Field(key="tile", label=tr("地图位置"), hint=tile),
    )


def _of_communities() -> tuple[Field, ...]:
    return (
        Field(key="name", label=tr("名称"), required=True),
        Field(key="street", label=tr("所在街道乡镇"), kind=Kind.ONE, required=True, choices=_streets),
    )


def _of_types() -> tuple[Field, ...]:
    hint = tr("如举报:承办单位看不到诉求人是谁。")
    return _plain(
        Field(key="confidential", label=tr("对承办单位保密"), kind=Kind.FLAG, hint=hint), short=False
    )


def _of_channels() -> tuple[Field, ...]:
    return _plain(short=False)


def _of_a_new_mailbox() -> tuple[Field, ...]:
    hint = tr("来信按它归类。照着另建的一套,建好以后在“分类”里改。")
    return (
        Field(key="scheme", label=tr("分类方案"), kind=Kind.ONE, required=True, choices=_schemes, hint=hint),
    )


def _scheme_founded(ground: Ground, cells: Cells) -> Founded:
    """A mailbox's own topics, as copies of another scheme's that haven't ended."""
    model, wanted, _ = cells["scheme"].partition(_NEW)
    if not wanted:
        return cells, ()
    scheme = f"{cells['code']}{_NEW_SCHEME}"
    rows = [row for row in ground.listed("topics.csv").rows if row["scheme"] == model]
    ended = {(row["topic"], "") for row in rows if not row["subtopic"] and row.get("valid_to")}
    copied = [
        {**row, "scheme": scheme}
        for row in rows
        if not row.get("valid_to") and (row["topic"], "") not in ended
    ]
    made = tuple(change for row in copied for change in ground.add_row("topics.csv", row, after=None))
    return {**cells, "scheme": scheme}, made


_NEW, _NEW_SCHEME = "/new", "-mailbox"
LISTINGS: Final[Mapping[str, Listing]] = {
    each.id: each
    for each in (
        Listing(
            id="units",
            part="units/",
            noun=later("单位"),
            document="units.csv",
            known=lambda profile: profile.units,
            fields=_of_units,
            beside="group",
            inner="parent",
            lead=later("机构改名、合并请到原单位那里办理,才接得上。"),
        ),
        Listing(
            id="streets",
            part="streets/",
            noun=later("街道乡镇"),
            document="streets.csv",
            known=lambda profile: profile.streets,
            fields=_of_streets,
            orders="street",
            beside="kind",
        ),
        Listing(
            id="communities",
            part="streets/",
            at="communities/",
            noun=later("社区(村)"),
            document="communities.csv",
            known=lambda profile: {each.code: each for each in profile.communities},
            fields=_of_communities,
            orders="community",
            beside="street",
            days=False,
        ),
        Listing(
            id="types",
            part="doors/",
            noun=later("诉求类型"),
            document="request_types.csv",
            known=lambda profile: profile.request_types,
            fields=_of_types,
            orders="request_type",
        ),
        Listing(
            id="channels",
            part="doors/",
            noun=later("渠道"),
            document="channels.csv",
            known=lambda profile: profile.channels,
            fields=_of_channels,
            orders="channel",
        ),
        Listing(
            id="mailboxes",
            part="doors/",
            noun=later("信箱"),
            document="mailboxes.csv",
            known=lambda profile: profile.mailboxes,
            fields=_of_channels,
            orders="mailbox",
            first=_of_a_new_mailbox,
            founded=_scheme_founded,
        ),
    )
}


def _kinds() -> Choices:
    return [(each.code, each.name) for each in city().unit_kinds]


def _groups() -> Choices:
    return [(each.code, each.name) for each in city().unit_groups]


def _units() -> Choices:
    return [(each.code, each.name) for each in city().units.values() if each.successor is None]


def _streets() -> Choices:
    return [(each.code, each.name) for each in city().streets.values() if each.successor is None]


def _schemes() -> Choices:
    """Those that there are, and for each the way to a copy of it."""
    names = {**scheme_names()}
    names[city().order_scheme] = names.pop(
        city().order_scheme
    )  # letters are rather like letters: orders' come last
    copies = [(f"{code}{_NEW}", tr("照“{name}”的另建一套", name=name)) for code, name in names.items()]
    return [*copies, *((code, tr("与“{name}”共用", name=name)) for code, name in names.items())]


def scheme_names() -> Mapping[str, str]:
    """What the schemes of topics are called: by the mailbox that uses them."""
    profile = city()
    names = {scheme: scheme for scheme in profile.schemes}
    for box in profile.mailboxes.values():
        names[box.scheme] = box.name
    return {**names, profile.order_scheme: tr("工单")}
