"""Both cities load into immutable values that say what the sources say."""

import csv
import dataclasses
import json
import pickle
import shutil
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jieban.kernel.errors import Exit
from jieban.profile.city import BadProfile, Profile
from jieban.profile.documents.files import profile_names
from jieban.profile.frozen import FrozenMap
from jieban.profile.known import Known
from jieban.profile.load import load_profile, profile_directory
from jieban.profile.model import Level, Stage

APRIL = date(2025, 4, 30)


def test_a_city_is_found_by_name_by_path_and_in_a_directory_of_ones_own(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_name = load_profile("changji")
    assert load_profile(repo / "profiles" / "changji") == by_name
    assert load_profile(str(repo / "profiles" / "changji")) == by_name
    assert profile_directory("changji") == by_name.directory == repo / "profiles" / "changji"

    shutil.copytree(repo / "profiles" / "yunting", tmp_path / "elsewhere")
    monkeypatch.setenv("JIEBAN_PROFILES", str(tmp_path))
    assert load_profile("elsewhere").title == "云汀区12345热线"
    assert {"changji", "elsewhere", "yunting"} <= set(profile_names())
    assert "_base" not in profile_names()


def test_a_city_that_is_not_there_is_refused_with_a_hint() -> None:
    with pytest.raises(BadProfile, match="changjii") as refused:
        load_profile("changjii")
    assert refused.value.exit_code is Exit.BAD_PROFILE
    assert "changji" in (refused.value.fix or "")
    for word in ("_base", "", "no/such/place"):
        with pytest.raises(BadProfile):
            load_profile(word)


def test_a_faulty_city_is_refused_with_place_and_number_of_faults(copy_of: Callable[[str], Path]) -> None:
    directory = copy_of("yunting")
    text = (directory / "profile.toml").read_text("utf-8")
    (directory / "profile.toml").write_text(text.replace("title =", "titel ="), "utf-8")
    with pytest.raises(BadProfile, match="title") as refused:
        load_profile(directory)
    assert refused.value.where is not None
    assert str(refused.value.where.file).endswith("profile.toml")
    assert "另有" in (refused.value.fix or "")


def test_the_value_can_not_be_changed(city: Profile) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        city.title = "x"  # type: ignore[misc]
    for mapping in (city.units, city.labels, city.policies, city.wording, city.outline[0].options):
        with pytest.raises(TypeError):
            mapping["x"] = "y"  # type: ignore[index]
        assert not hasattr(mapping, "pop")


def test_the_value_travels_to_other_processes(city: Profile) -> None:
    there = pickle.loads(pickle.dumps(city))  # noqa: S301 - our own bytes
    assert there == city
    assert hash(there) == hash(city)
    assert list(there.units) == list(city.units)
    assert there.clock.local_date(datetime(2025, 4, 1, tzinfo=UTC)) == date(2025, 4, 1)


def test_the_files_that_were_read_are_told(city: Profile) -> None:
    assert f"{city.name}/units.csv" in city.sources
    assert {"_base/deadlines.toml", "_base/wording.toml"} <= set(city.sources)
    assert len(set(city.sources)) == len(city.sources)
    assert "yunting/deadlines.toml" in load_profile("yunting").sources


def test_loading_takes_a_fraction_of_a_second(city: Profile, copy_of: Callable[[str], Path]) -> None:
    begun = time.process_time()
    assert load_profile(copy_of(city.name)) is not city
    assert time.process_time() - begun < 1


def test_what_was_read_is_read_again_where_anything_says_something_else(
    copy_of: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = copy_of("yunting")
    first = load_profile(directory)
    assert load_profile(directory) is first
    for path, was, now in (
        (directory / "profile.toml", first.title, "另一个热线"),
        (directory.parent / "_base" / "wording.toml", '"counter.day" = "天"', '"counter.day" = "日"'),
    ):
        filed = path.read_text("utf-8")
        assert was in filed
        path.write_text(filed.replace(was, now, 1), "utf-8")
        assert load_profile(directory).version != first.version
        path.write_text(filed, "utf-8")
        assert load_profile(directory).version == first.version
    title = (directory / "profile.toml").read_text("utf-8").replace(first.title, "又一个热线")
    over = load_profile(directory, over={"profile.toml": title})
    assert (over.title, load_profile(directory).title) == ("又一个热线", first.title)
    with pytest.raises(BadProfile):
        load_profile(directory, Known(roles=frozenset()))
    (directory / "unheard-of.csv").write_text("a\n", "utf-8")
    with pytest.raises(BadProfile, match="没有哪一处会读"):
        load_profile(directory)
    (directory / "unheard-of.csv").unlink()
    moved = directory.rename(directory.with_name("moved"))
    assert load_profile(moved).name == "moved"
    monkeypatch.chdir(moved)
    assert load_profile(Path()).name == "moved"
    monkeypatch.chdir(shutil.copytree(moved, moved.with_name("twin")))
    assert load_profile(Path()).name == "twin"


def test_every_row_of_every_list_is_in_the_value(repo: Path, city: Profile) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (repo / "profiles" / city.name / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    for name, register in (
        ("units.csv", city.units),
        ("streets.csv", city.streets),
        ("request_types.csv", city.request_types),
        ("mailboxes.csv", city.mailboxes),
        ("channels.csv", city.channels),
    ):
        expected = [
            (row["code"], row["name"], tuple(filter(None, row["aliases"].split("|")))) for row in rows(name)
        ]
        assert [(m.code, m.name, m.aliases) for m in register.values()] == expected
    communities = [(c.code, c.street, c.name) for c in city.communities]
    assert communities == [(r["code"], r["street"], r["name"]) for r in rows("communities.csv")]
    assert communities == [
        (c.code, c.street, c.name) for street in city.streets for c in city.communities_of(street)
    ]
    topics = [
        (topic.scheme, topic.code, code)
        for topic in city.topics
        for code in ("", *city.subtopics(topic.scheme, topic.code))
    ]
    assert topics == [(r["scheme"], r["topic"], r["subtopic"]) for r in rows("topics.csv")]


@pytest.mark.parametrize("endings", [["委员会", "居民委员会"], ["社区居民委员会"], []])
def test_communities_are_called_without_the_longest_of_the_endings_that_the_city_names(
    copy_of: Callable[[str], Path], endings: list[str]
) -> None:
    directory = copy_of("changji")
    identity = directory / "profile.toml"
    written = f"committees = {json.dumps(endings, ensure_ascii=False)}\n"
    identity.write_text(written + identity.read_text("utf-8"), "utf-8")
    spoken = {each.name: each.spoken for each in load_profile(directory).communities}
    west = "西街社区居民委员会"
    assert spoken[west] == {2: "西街社区", 1: "西街", 0: west}[len(endings)]
    # The base's endings give way to the city's.
    assert spoken["北门村村委会"] == "北门村村委会"
    assert load_profile("changji").communities[0].spoken == "西街社区"
    assert {each.spoken for each in load_profile("changji").communities} >= {"北门村", "星光社区"}


@pytest.mark.needs_shared
def test_changji_holds_the_seeds_topics_in_the_seeds_order(changji: Profile, shared: Path) -> None:
    seed = json.loads((shared / "reference" / "changji-2025-04.json").read_text("utf-8"))
    topics = changji.order_topics
    assert [topic.name for topic in topics.values()] == [topic["name"] for topic in seed["topics"]]
    assert len(topics) == 17
    assert sum(len(changji.subtopics("order", code)) for code in topics) == 95
    assert [t.name for t in changji.request_types.values()] == [t["name"] for t in seed["request_types"]]


def test_changji_has_three_groups_and_counts_firms_parks_and_farms_as_municipal(changji: Profile) -> None:
    assert [group.name for group in changji.unit_groups] == ["市直部门", "街道", "乡镇"]
    today = changji.units.valid_on(APRIL)
    assert {u.group for u in today if u.kind in {"utility", "park", "corps", "department"}} == {"municipal"}
    assert sum(unit.kind == "street" for unit in today) == 6
    assert sum(unit.kind == "township" for unit in today) == 10
    assert not changji.invented


def test_the_invented_city_differs_in_everything_that_matters(changji: Profile, yunting: Profile) -> None:
    assert yunting.invented
    assert not {t.name for t in yunting.order_topics.values()} & {
        t.name for t in changji.order_topics.values()
    }
    assert len(yunting.order_topics.valid_on(APRIL)) >= 6
    assert sum(len(topic.subtopics) for topic in yunting.topics) >= 20
    groups = [label.name for label in yunting.unit_groups]
    assert len(groups) == 3
    assert not set(groups) & {label.name for label in changji.unit_groups}
    assert len(yunting.units.valid_on(APRIL)) >= 20
    assert len(yunting.streets.valid_on(APRIL)) >= 6
    assert not yunting.mailboxes
    assert changji.mailboxes
    assert yunting.order_scheme != changji.order_scheme
    assert yunting.counting.satisfaction != changji.counting.satisfaction
    assert yunting.clock.hours != changji.clock.hours
    assert yunting.clock.calendar.holidays != changji.clock.calendar.holidays
    assert set(yunting.deadline_rules) != set(changji.deadline_rules)


def test_the_publication_header_is_the_seeds(changji: Profile) -> None:
    publication = changji.publication
    assert publication.issuing_unit == "行政审批局（数字化发展局）"
    assert changji.units.find(publication.issuing_unit, APRIL) is not None
    given = publication.documents["2025-04"]
    assert given.index_number == publication.index_pattern.format(year=2025, serial="000234")
    assert given.published == datetime(2025, 5, 3, 8, 9, 12, tzinfo=UTC)
    words = [word.format(year=2025, month=4, days=30) for word in publication.keywords]
    assert words == ["2025", "昌吉市", "12345", "政务服务", "运行分析", "分析报告", "30"]


def test_labels_are_found_by_any_of_their_words(city: Profile) -> None:
    for domain, labels in city.labels.items():
        for label in labels:
            assert city.label(domain, label.code) == label
            assert all(city.find_label(domain, f" {word} ") == label for word in label.spellings)
    assert city.find_label("satisfaction", "满") is None
    unhappy = city.find_label("satisfaction", "不满意")
    assert unhappy is not None
    assert unhappy.code == "dissatisfied"
    assert city.find_label("flag", "√") == city.label("flag", "yes")


def test_a_phrase_is_filled_or_refused(city: Profile) -> None:
    assert "4567件" in city.phrase("opening.total", span="4月", centre="中心", total="4567件")
    with pytest.raises(BadProfile, match=r"no\.such"):
        city.phrase("no.such.phrase")


def test_the_outline_names_sections_once_and_for_known_editions(city: Profile) -> None:
    ids = [section.id for section in city.outline]
    assert ids
    assert len(set(ids)) == len(ids)
    assert all(set(section.editions) <= {"public", "internal"} for section in city.outline)
    assert all(isinstance(section.options, FrozenMap) for section in city.outline)


def test_a_profile_without_a_rule_for_a_case_says_so(city: Profile) -> None:
    bare = dataclasses.replace(city, deadline_rules=())
    with pytest.raises(BadProfile, match="0 条时限规则"):
        bare.deadline_rule(Level.ORDER, Stage.SIGN, request_type="x", urgency=next(iter(URGENCIES)), on=APRIL)


URGENCIES = {rule.urgencies[0] for rule in load_profile("changji").deadline_rules}
