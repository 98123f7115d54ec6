"""What the project takes from others: pinned, hashed, named without an address, and never committed."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tree import REPO, own_files, shown

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
HOST = re.compile(r"\b[a-z0-9-]+\.(?:org|com|net|io|dev|cn)\b", re.IGNORECASE)
GATHERED = {
    ".otf",
    ".ttf",
    ".ttc",
    ".woff",
    ".woff2",
    ".mo",
    ".whl",
    ".deb",
    ".jar",
    ".so",
    ".exe",
    ".zip",
    ".gz",
}
MADE = {".parquet", ".arrow", ".duckdb", ".xlsx", ".xls", ".docx", ".pdf"}
PICTURES = {".png", ".jpg", ".webp"}
LARGEST = 1_000_000  # bytes; nobody writes that much by hand


def pins(name: str) -> dict[str, list[Requirement]]:
    """Each package that a requirements file pins, with one entry for each kind of machine."""
    logical = (REPO / name).read_text("utf-8").replace("\\\n", " ")
    found: dict[str, list[Requirement]] = {}
    for line in logical.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(line.split(" --hash=")[0])
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def wanted(*groups: str) -> list[Requirement]:
    """What pyproject.toml asks for: its dependencies, the extras and the dependency groups named."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))
    lines = list(project["project"]["dependencies"]) if "project" in groups else []
    for group in groups:
        lines += project["project"]["optional-dependencies"].get(group, [])
        for entry in project["dependency-groups"].get(group, []):
            if isinstance(entry, str):
                lines.append(entry)
            else:
                lines += map(str, wanted(entry["include-group"]))
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    logical = (REPO / name).read_text("utf-8").replace("\\\n", " ")
    entries = [line for line in logical.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    loose = [line[:60] for line in entries if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)]
    assert entries
    assert loose == []


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("requirements.txt", ("project", "build")),
        ("requirements-dev.txt", ("project", "spark", "s3", "dev")),
        ("requirements-node.txt", ("node",)),
    ],
)
def test_the_pins_are_those_of_pyproject(name: str, groups: tuple[str, ...]) -> None:
    pinned = pins(name)
    asked = wanted(*groups)
    stale = [
        str(requirement)
        for requirement in asked
        if not all(
            requirement.specifier.contains(str(pin.specifier).removeprefix("=="), prereleases=True)
            for pin in pinned.get(canonicalize_name(requirement.name), [Requirement("none==0")])
        )
    ]
    assert asked
    assert stale == [], "run make lock"


def test_one_environment_serves_demo_and_test() -> None:
    developer = pins("requirements-dev.txt")
    apart = [name for name, pinned in pins("requirements.txt").items() if developer.get(name) != pinned]
    assert apart == []


def test_npm_packages_are_locked_by_hash_without_an_address() -> None:
    lock = json.loads((REPO / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert "node_modules/echarts" in packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
    asked = json.loads((REPO / "package.json").read_text("utf-8"))["dependencies"]
    assert asked == {name: packages[f"node_modules/{name}"]["version"] for name in asked}, "pinned exactly"


_THIS_MACHINE = "://127.0.0.1:"


def test_setup_names_no_host() -> None:
    setup = [
        path
        for path in own_files()
        if path.parent == REPO and path.name.startswith(("Makefile", "requirements", "package", ".npmrc"))
    ]
    setup += [path for path in own_files() if path.parent.name in {".ci", "scripts"}]
    named = [
        f"{shown(path)}:{number}: {line.strip()}"
        for path in setup
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if ("://" in line and _THIS_MACHINE not in line) or HOST.search(line)
    ]
    assert {"Makefile", "requirements.txt", "package-lock.json", ".ci/run"} <= {shown(path) for path in setup}
    assert named == []


def kind_of_stranger(path: Path) -> str | None:
    """Why a committed file should not be there; None when it may."""
    data = path.read_bytes()
    in_docs = path.is_relative_to(REPO / "docs")
    if path.suffix in GATHERED | MADE or path.name.endswith((".min.js", ".min.css")):
        return "gathered or made by the build"
    if path.suffix in PICTURES:
        return None if in_docs else "pictures stand under docs/"
    if b"\0" in data[:8192]:
        return "binary"
    return "large" if len(data) > LARGEST else None


def test_nothing_gathered_or_made_is_committed() -> None:
    strangers = {shown(path): why for path in own_files() if (why := kind_of_stranger(path))}
    assert strangers == {}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("font.otf", b"OTTO"),
        ("echarts.min.js", b"!function(){}"),
        ("ledger.parquet", b"PAR1"),
        ("picture.png", b"\x89PNG"),
        ("tool", b"\x7fELF\0"),
        ("table.csv", b"x" * (LARGEST + 1)),
    ],
)
def test_a_stranger_is_known_as_one(tmp_path: Path, name: str, data: bytes) -> None:
    stranger = tmp_path / name
    stranger.write_bytes(data)
    assert kind_of_stranger(stranger)
