"""Reads a profile's directory into a Profile, or says everything that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from jieban.kernel.errors import Where
from jieban.kernel.i18n import language, tr
from jieban.profile.canon import version_of
from jieban.profile.city import BadProfile, Profile
from jieban.profile.documents.faults import Fault, Faults, did_you_mean
from jieban.profile.documents.files import AS_FILED, Source, Written, locate, profile_names
from jieban.profile.documents.table import Table
from jieban.profile.frozen import FrozenMap
from jieban.profile.known import NOTHING, Known
from jieban.profile.parts.content import read_outline, read_recommendations, read_wording
from jieban.profile.parts.cross import check_lists, check_scheme
from jieban.profile.parts.hours import read_clock
from jieban.profile.parts.lists import read_lists
from jieban.profile.parts.procedure import read_workflow
from jieban.profile.parts.publication import read_publication
from jieban.profile.parts.rules import read_deadlines
from jieban.profile.parts.settings import (
    read_counting,
    read_identity,
    read_labels,
    read_policies,
)
from jieban.profile.register import Register
from jieban.worktime import WorkClock

_ANY_ZONE = ZoneInfo("UTC")
_MOST_KEPT = 8
"""A change is tried when it is looked at, when it is saved and when it is accepted, and found at the next request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """A profile without faults, and all that it came of."""

    written: Written
    directory: Path
    known: Known
    language: str
    profile: Profile


_kept: list[_Kept] = []
"""Those that this process read last, the last first."""


def load_profile(
    name_or_path: str | Path, known: Known = NOTHING, over: Mapping[str, str] = AS_FILED
) -> Profile:
    """The profile called so, or lying there; `over` are texts in place of files of the city's.

    A bare name is looked for in $JIEBAN_PROFILES and in the checkout's profiles/. Raises BadProfile with the
    first fault and the number of others (`jieban profile check` tells all).
    """
    profile, faults = read_profile(name_or_path, known, over)
    if profile is not None:
        return profile
    first = faults[0]
    more = tr("(另有 {n} 处问题,见 jieban profile check。)", n=len(faults) - 1) if len(faults) > 1 else ""
    raise BadProfile(first.what, where=first.where, fix=first.fix + more)


def read_clock_alone(source: Source, over: Mapping[str, str] = AS_FILED) -> WorkClock | None:
    """The work clock of a profile, without all the rest, which takes much longer; None where it has faults."""
    source.over = over
    faults = Faults()
    clock = read_clock(Table(source.toml("calendar.toml", faults), faults))
    return None if len(faults) else clock


def profile_directory(name_or_path: str | Path) -> Path:
    """The directory of a profile. Raises BadProfile if there is none."""
    source = locate(name_or_path)
    if source is None:
        fault = _no_such(name_or_path)
        raise BadProfile(fault.what, where=fault.where, fix=fault.fix)
    return source.directory


def read_profile(
    name_or_path: str | Path, known: Known = NOTHING, over: Mapping[str, str] = AS_FILED
) -> tuple[Profile | None, list[Fault]]:
    """The profile, or None and all its faults; `over` as in `load_profile`.

    What was read before is read again only where a file says something else since.
    """
    source = locate(name_or_path)
    if source is None:
        return None, [_no_such(name_or_path)]
    source.over = over
    written, place, said_in = source.written(), source.directory.resolve(), language()
    for each in _kept:
        same = (each.written, each.directory, each.language) == (written, place, said_in)
        if same and each.known == known:
            return each.profile, []
    faults = Faults()
    profile = _read(source, known, faults)
    if profile is not None and source.written() == written:
        new = _Kept(written=written, directory=place, known=known, language=said_in, profile=profile)
        _kept[:] = [new, *_kept[: _MOST_KEPT - 1]]
    return profile, list(faults)


def _read(source: Source, known: Known, faults: Faults) -> Profile | None:
    def table(name: str) -> Table:
        return Table(source.toml(name, faults), faults)

    identity_table = table("profile.toml")
    identity = read_identity(identity_table)
    lists = read_lists(source, identity.committees, faults)
    check_lists(
        lists,
        kinds=[label.code for label in identity.unit_kinds],
        groups=[label.code for label in identity.unit_groups],
        faults=faults,
    )
    schemes = [topic.scheme for topic, _ in lists.topics]
    if identity.order_scheme and (hint := check_scheme(identity.order_scheme, schemes)):
        what = tr("topics.csv 中没有分类方案“{scheme}”。", scheme=identity.order_scheme)
        identity_table.fault("unknown_code", "order_scheme", what, hint)
    clock = read_clock(table("calendar.toml"))
    rules, extension = read_deadlines(
        table("deadlines.toml"),
        request_types=[value.code for value, _ in lists.request_types],
        channels=[value.code for value, _ in lists.channels],
        faults=faults,
    )
    workflow = read_workflow(
        table("workflow.toml"),
        known,
        request_types=[value.code for value, _ in lists.request_types],
        channels=[value.code for value, _ in lists.channels],
        topics=[value.code for value, _ in lists.topics if value.scheme == identity.order_scheme],
    )
    labels = read_labels(table("labels.toml"), known.labels)
    counting = read_counting(table("counting.toml"), known.satisfaction)
    policies = read_policies(table("policies.toml"), known.fault_codes)
    publication = read_publication(table("publication.toml"), clock.tz if clock else _ANY_ZONE)
    outline = read_outline(table("outline.toml"), known)
    wording = read_wording(table("wording.toml"), _base_wording(source), known)
    recommendations = read_recommendations(table("recommendations.toml"), known)
    source.check_files(faults)
    if clock is None or len(faults):
        return None
    profile = Profile(
        name=source.directory.resolve().name,
        title=identity.title,
        short_title=identity.short_title,
        version="",
        invented=identity.invented,
        units=Register(value for value, _ in lists.units),
        unit_kinds=identity.unit_kinds,
        unit_groups=identity.unit_groups,
        streets=Register(value for value, _ in lists.streets),
        communities=tuple(value for value, _ in lists.communities),
        request_types=Register(value for value, _ in lists.request_types),
        topics=tuple(value for value, _ in lists.topics),
        order_scheme=identity.order_scheme,
        mailboxes=Register(value for value, _ in lists.mailboxes),
        channels=Register(value for value, _ in lists.channels),
        labels=labels,
        clock=clock,
        deadline_rules=rules,
        extension=extension,
        workflow=workflow,
        counting=counting,
        policies=policies,
        publication=publication,
        outline=outline,
        wording=wording,
        recommendations=recommendations,
        sources=tuple(source.used),
        changed=FrozenMap(source.over),
        directory=source.directory,
    )
    return replace(profile, version=version_of(profile))


def _base_wording(source: Source) -> Table | None:
    if source.base is None or not (source.base / "wording.toml").is_file():
        return None
    # Its own faults are told once, by the merged reading.
    unheard = Faults()
    return Table(Source(directory=source.base, base=None).toml("wording.toml", unheard), unheard)


def _no_such(name_or_path: str | Path) -> Fault:
    return Fault(
        code="no_such_profile",
        what=tr("找不到配置“{name}”。", name=name_or_path),
        where=Where(file=str(name_or_path)),
        fix=did_you_mean(str(name_or_path), profile_names()),
    )
