"""What an installation's environment says, read without Django: addresses, storages, keys, and refusals in words."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jieban.site.environment import (
    BadSetting,
    behind_https,
    database,
    demonstration,
    evidence_storage,
    make_secret_key,
    proxies,
    secret_key,
    two_step_roles,
)


def of(url: str) -> dict[str, object]:
    return database({"JIEBAN_DATABASE": url})


def test_without_a_word_the_database_is_a_file_in_var(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert database({})["NAME"] == str(tmp_path / "var" / "jieban.sqlite3")
    assert database({"JIEBAN_VAR": "/srv/jieban"})["NAME"] == "/srv/jieban/jieban.sqlite3"


def test_a_demonstration_is_one_by_a_plain_yes_only() -> None:
    said = {text: demonstration({"JIEBAN_DEMO": text}) for text in ("", "0", "1")}
    assert said == {"": False, "0": False, "1": True}
    assert not demonstration({})
    for text in ("true", "yes", " 1", "2"):
        with pytest.raises(BadSetting):
            demonstration({"JIEBAN_DEMO": text})


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////srv/jieban.db", "/srv/jieban.db"),
        ("sqlite:////srv/%E6%8E%A5%E5%8A%9E.db", "/srv/接办.db"),
        ("sqlite:////srv/接办 1.db", "/srv/接办 1.db"),
    ],
)
def test_a_file_has_a_path(url: str, path: str) -> None:
    assert of(url)["NAME"] == path


def test_a_relative_file_lies_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert of("sqlite:///data/a.db")["NAME"] == str(tmp_path / "data" / "a.db")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@db:6432/jieban", ("jieban", "u", "p", "db", "6432")),
        ("postgres://u@db/jieban", ("jieban", "u", "", "db", "")),
        ("postgresql://u:p%40%2F%3A@[::1]:5432/jieban", ("jieban", "u", "p@/:", "::1", "5432")),
        ("postgresql:///jieban?host=/run/postgresql", ("jieban", "", "", "/run/postgresql", "")),
        ("postgresql://u@:5433/jieban?host=%2Ftmp%2Fx", ("jieban", "u", "", "/tmp/x", "5433")),  # noqa: S108  # a socket's place
    ],
)
def test_a_server_has_an_address(url: str, expected: tuple[str, ...]) -> None:
    made = of(url)
    assert tuple(made[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected


def test_a_server_is_reached_through_the_pool_alone() -> None:
    made = of("postgresql://u:p@db/jieban?sslmode=verify-full")
    assert made["CONN_MAX_AGE"] == 0
    options = made["OPTIONS"]
    assert isinstance(options, dict)
    assert options["pool"]["max_size"] > 0
    assert options["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:p@db/jieban",
        "jieban.sqlite3",
        "sqlite://jieban.db",
        "sqlite:///",
        "postgresql://u:p@db",
        "postgresql://u:p@db/",
        "postgresql://u:p@db/a/b",
        "postgresql://u:p@db:port/jieban",
        "postgresql://u:p@db:99999/jieban",
        "postgresql://u:p@[::1/jieban",
        "postgresql://db/jieban?host=/run",
        "postgresql:///jieban?host",
        "postgresql:///jieban?sslmod=require",
    ],
)
def test_what_is_no_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        of(url)
    assert refused.value.where is not None
    assert refused.value.where.file == "JIEBAN_DATABASE"
    assert refused.value.fix
    assert "u:p" not in str(refused.value)


def test_evidence_lies_on_the_disk_for_this_user_alone() -> None:
    made = evidence_storage({"JIEBAN_VAR": "/srv/jieban"})
    assert made["OPTIONS"] == {
        "location": "/srv/jieban/evidence",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    assert evidence_storage({"JIEBAN_EVIDENCE": "/mnt/e"})["OPTIONS"]["location"] == "/mnt/e"  # type: ignore[index]


def test_evidence_lies_where_a_named_class_puts_it() -> None:
    made = evidence_storage(
        {
            "JIEBAN_EVIDENCE_STORAGE": "storages.backends.s3.S3Storage",
            "JIEBAN_EVIDENCE_OPTIONS": '{"bucket_name": "evidence"}',
        }
    )
    assert made == {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": "evidence"}}


@pytest.mark.parametrize(
    "environ",
    [
        {"JIEBAN_EVIDENCE_OPTIONS": "{}"},
        {"JIEBAN_EVIDENCE_STORAGE": "a.B", "JIEBAN_EVIDENCE_OPTIONS": "bucket"},
        {"JIEBAN_EVIDENCE_STORAGE": "a.B", "JIEBAN_EVIDENCE_OPTIONS": "[]"},
    ],
)
def test_options_that_belong_to_nothing_are_refused(environ: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match="JIEBAN_EVIDENCE_OPTIONS"):
        evidence_storage(environ)


@pytest.mark.parametrize(("given", "count"), [("", 0), ("0", 0), ("2", 2)])
def test_proxies_are_counted(given: str, count: int) -> None:
    assert proxies({"JIEBAN_PROXIES": given}) == count


@pytest.mark.parametrize("given", ["-1", "x", "²", "10", "1.5"])
def test_what_is_no_count_of_proxies_is_refused(given: str) -> None:
    with pytest.raises(BadSetting, match="0 至 9"):
        proxies({"JIEBAN_PROXIES": given})


def test_https_is_by_a_plain_yes_only() -> None:
    assert [behind_https(given) for given in ({}, {"JIEBAN_HTTPS": "0"}, {"JIEBAN_HTTPS": "1"})] == [
        False,
        False,
        True,
    ]
    with pytest.raises(BadSetting):
        behind_https({"JIEBAN_HTTPS": "yes"})


def test_codes_are_required_of_administrators_unless_it_is_said_otherwise() -> None:
    assert two_step_roles({}) == {"administrator"}
    assert two_step_roles({"JIEBAN_DEMO": "1"}) == set()
    assert two_step_roles({"JIEBAN_TWO_STEP_ROLES": "none"}) == set()
    assert two_step_roles({"JIEBAN_DEMO": "1", "JIEBAN_TWO_STEP_ROLES": "leader, administrator"}) == {
        "leader",
        "administrator",
    }
    with pytest.raises(BadSetting, match="administrater"):
        two_step_roles({"JIEBAN_TWO_STEP_ROLES": "administrater"})


@pytest.mark.parametrize("https", ["0", "1"])
def test_cookies_are_secure_where_browsers_come_by_https(https: str, tmp_path: Path) -> None:
    said = (
        "import jieban.site.settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_PROXY_SSL_HEADER)"
    )
    environ = {**os.environ, "JIEBAN_VAR": str(tmp_path), "JIEBAN_HTTPS": https}
    told = subprocess.run(
        [sys.executable, "-c", said], env=environ, capture_output=True, text=True, check=True
    )
    header = "('HTTP_X_FORWARDED_PROTO', 'https')"
    assert told.stdout.strip() == (f"True True {header}" if https == "1" else "False False None")


def test_a_signing_key_is_made_once_and_for_one_user(tmp_path: Path) -> None:
    var = tmp_path / "var"
    environ = {"JIEBAN_VAR": str(var)}
    assert secret_key(environ) == ""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _index: make_secret_key(var), range(8)))
    path = var / "secret-key"
    assert [each for each in made if each is not None] == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(secret_key(environ)) >= 50
    assert list(var.iterdir()) == [path]
    assert make_secret_key(var) is None
    assert secret_key({**environ, "JIEBAN_SECRET_KEY": "given"}) == "given"


def test_a_signing_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    made = make_secret_key(tmp_path)
    assert made is not None
    made.chmod(0o640)
    with pytest.raises(BadSetting, match="chmod 600"):
        secret_key({"JIEBAN_VAR": str(tmp_path)})


def test_settings_are_imported_without_a_trace(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIEBAN_")}
    program = "import jieban.site.settings as s; print(s.DATABASES['default']['NAME'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(tmp_path / "var" / "jieban.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_help_comes_without_django(tmp_path: Path) -> None:
    program = (
        "import sys; from jieban.site.cli.frame import run\n"
        "for words in (['--help'], ['live', '--help'], ['people', 'post', '--help']): assert run(words) == 0\n"
        "assert not {name.partition('.')[0] for name in sys.modules} & {'django', 'psycopg', 'duckdb'}"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
