"""What rows of the lists say of each other: codes that exist, spellings with one meaning, successions that end."""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from typing import TypeVar

from jieban.kernel.i18n import tr
from jieban.profile.documents.faults import Faults, did_you_mean
from jieban.profile.documents.reading import Line
from jieban.profile.model import Label, Named, Unit
from jieban.profile.parts.lists import Lists, Rows
from jieban.profile.register import fold

N = TypeVar("N", bound=Named)


def check_lists(lists: Lists, *, kinds: Collection[str], groups: Collection[str], faults: Faults) -> None:
    """Notes every fault between rows. `kinds` and `groups` are the codes that profile.toml declares."""
    for unit, line in lists.units:
        _known(unit.kind, kinds, line, "kind", faults)
        _known(unit.group, groups, line, "group", faults)
    _check_parents(lists.units, faults)
    for street, line in lists.streets:
        _known(street.kind, kinds, line, "kind", faults)
    _check_tiles(lists, faults)
    streets = [street.code for street, _ in lists.streets]
    for community, line in lists.communities:
        _known(community.street, streets, line, "street", faults)
    schemes = dict.fromkeys(topic.scheme for topic, _ in lists.topics)
    for mailbox, line in lists.mailboxes:
        _known(mailbox.scheme, schemes, line, "scheme", faults)
    for scheme in schemes:
        _check_register([(t, line) for t, line in lists.topics if t.scheme == scheme], faults)
    for subtopics in lists.subtopics.values():
        _check_register(subtopics, faults)
    _check_register(lists.units, faults)
    _check_register(lists.streets, faults)
    _check_register(lists.request_types, faults)
    _check_register(lists.mailboxes, faults)
    _check_register(lists.channels, faults)
    _check_communities(lists, faults)


def check_scheme(scheme: str, schemes: Iterable[str]) -> str:
    """A hint if the order scheme isn't one of the topics' schemes, else empty."""
    known = list(dict.fromkeys(schemes))
    return "" if scheme in known else did_you_mean(scheme, known)


def _known(code: str, known: Collection[str], line: Line, column: str, faults: Faults) -> None:
    if code and code not in known:
        what = tr("“{column}”列的“{code}”不存在。", column=column, code=code)
        faults.add("unknown_code", line.where(column), what, did_you_mean(code, known))


def _check_register(rows: Rows[N], faults: Faults) -> None:
    by_code = {value.code: (value, line) for value, line in reversed(rows)}
    for value, line in rows:
        if value.renamed_to and value.merged_into:
            what = tr("“{name}”既写了更名又写了并入。", name=value.name)
            faults.add("two_successors", line.where("merged_into"), what, tr("请只留一个。"))
        field = "renamed_to" if value.renamed_to else "merged_into"
        if value.successor is None:
            continue
        _known(value.successor, by_code, line, field, faults)
        if value.validity.last is None:
            what = tr("“{name}”有后继却没有失效日。", name=value.name)
            faults.add("no_end", line.where("valid_to"), what, tr("请填写它存在的最后一天。"))
        elif value.successor in by_code:
            _check_handover(value, by_code[value.successor][0], line, field, faults)
    _check_cycles(by_code, faults)
    _check_spellings(rows, faults)


def _check_handover(value: Named, successor: Named, line: Line, field: str, faults: Faults) -> None:
    """The successor must be there when its predecessor has ended, and a new name must not be used before."""
    first, ended = successor.validity.first, value.validity.last
    if ended is None:
        return
    if successor.validity.last is not None and successor.validity.last <= ended:
        what = tr("“{name}”的后继“{next}”在它失效前就已失效。", name=value.name, next=successor.name)
        faults.add("successor_ended", line.where(field), what, tr("请写最后承接的单位,或改正日期。"))
    elif first is not None and (first - ended).days > 1:
        what = tr(
            "“{name}”于 {ended} 失效,后继“{next}”到 {first} 才生效,中间无人承接。",
            name=value.name,
            ended=ended,
            next=successor.name,
            first=first,
        )
        faults.add("succession_gap", line.where(field), what, tr("请使两个日期相接。"))
    elif field == "renamed_to" and (first is None or first <= ended):
        what = tr("“{name}”更名为“{next}”,但两者的有效期重叠。", name=value.name, next=successor.name)
        faults.add(
            "validity_overlap", line.where("valid_to"), what, tr("请把后者的生效日写成前者失效日的次日。")
        )


def _check_parents(rows: Rows[Unit], faults: Faults) -> None:
    """The unit in which another lies exists, and no unit lies in itself."""
    parents = {unit.code: unit.parent for unit, _ in reversed(rows)}
    for unit, line in rows:
        if unit.parent is None:
            continue
        _known(unit.parent, parents, line, "parent", faults)
        if (ring := _ring(unit.code, parents)) is not None:
            what = tr("上级关系成了环:{chain}。", chain=ring)
            faults.add("parent_cycle", line.where("parent"), what, tr("请改正其中一个上级。"))


def _ring(code: str, onward: Mapping[str, str | None]) -> str | None:
    """The way from `code` back to itself, in words; None if it leads elsewhere."""
    chain = [code]
    step = onward.get(code)
    while step is not None and step in onward and step not in chain:
        chain.append(step)
        step = onward[step]
    return " → ".join([*chain, code]) if step == code else None


def _check_cycles(by_code: dict[str, tuple[N, Line]], faults: Faults) -> None:
    successors = {code: value.successor for code, (value, _) in by_code.items()}
    for code, (value, line) in by_code.items():
        if (ring := _ring(code, successors)) is not None:
            what = tr("后继关系成了环:{chain}。", chain=ring)
            field = "renamed_to" if value.renamed_to else "merged_into"
            faults.add("succession_cycle", line.where(field), what, tr("请改正其中一个后继。"))


def _check_spellings(rows: Rows[N], faults: Faults) -> None:
    users: dict[str, list[tuple[N, Line, str]]] = {}
    for value, line in rows:
        for spelling in {fold(s): s for s in reversed(value.spellings)}.values():
            users.setdefault(fold(spelling), []).append((value, line, spelling))
    for members in users.values():
        for (a, first, _), (b, line, spelling) in combinations(members, 2):
            if a.code != b.code and a.validity.overlaps(b.validity):
                where = line.where("aliases" if spelling in b.aliases else None)
                what = tr(
                    "“{spelling}”既指“{a}”(第 {line} 行)又指“{b}”。",
                    spelling=spelling,
                    a=a.name,
                    b=b.name,
                    line=first.line,
                )
                faults.add("double_spelling", where, what, tr("同一天里一个写法只能有一个意思,请删去一处。"))


def _check_communities(lists: Lists, faults: Faults) -> None:
    seen: dict[tuple[str, str], Line] = {}
    for community, line in lists.communities:
        key = (community.street, community.name)
        if key in seen:
            what = tr("同一街道的“{name}”写了两次(第 {line} 行)。", name=community.name, line=seen[key].line)
            faults.add("double_community", line.where("name"), what, tr("请删去一行。"))
        seen.setdefault(key, line)


def check_labels(labels: Iterable[Label]) -> list[tuple[int, str, str]]:
    """The doubles of a domain: (index of the later label, spelling, name of the earlier one)."""
    seen: dict[str, Label] = {}
    found = []
    for index, label in enumerate(labels):
        for spelling in label.spellings:
            earlier = seen.setdefault(fold(spelling), label)
            if earlier is not label:
                found.append((index, spelling, earlier.name))
    return found


def _check_tiles(lists: Lists, faults: Faults) -> None:
    placed = [(street, line) for street, line in lists.streets if street.tile is not None]
    for at, (street, line) in enumerate(placed):
        for other, _ in placed[:at]:
            if street.tile == other.tile and street.validity.overlaps(other.validity):
                what = tr("“{name}”与“{other}”在地图的同一格。", name=street.name, other=other.name)
                faults.add("same_tile", line.where("tile"), what, tr("请给其中一个另选一格。"))
