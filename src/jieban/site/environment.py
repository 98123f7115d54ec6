"""What the environment says about an installation, parsed at the door. No Django here.

Every variable is described in docs/live-settings.md.
"""

import json
import os
import secrets
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.people.roles import POST_ROLES
from jieban.profile.documents.faults import did_you_mean
from jieban.report.assets import asset_dirs

DATABASE = "JIEBAN_DATABASE"
VAR = "JIEBAN_VAR"
DEMO = "JIEBAN_DEMO"
CLOCK_SHIFT = "JIEBAN_CLOCK_SHIFT"
HOSTS = "JIEBAN_HOSTS"
HTTPS = "JIEBAN_HTTPS"
PROXIES = "JIEBAN_PROXIES"
TWO_STEP_ROLES = "JIEBAN_TWO_STEP_ROLES"
SECRET_KEY = "JIEBAN_SECRET_KEY"  # noqa: S105  # the variable's name
SECRET_KEY_FILE = "secret-key"  # noqa: S105  # the file's name
EVIDENCE_STORAGE = "JIEBAN_EVIDENCE_STORAGE"
EVIDENCE_OPTIONS = "JIEBAN_EVIDENCE_OPTIONS"
WAIT_SECONDS = 20
"""For what somebody else has locked: they will be done with it."""
AWAY_SECONDS = 5
"""For a server that isn't there: it may be starting anew, which takes so long; behind it everybody else waits, too."""
MOST_CONNECTIONS = 8
_RECONNECTS_WITHIN = 4
_UNHEARD_MILLISECONDS = 10_000
MOST_PROXIES = 9
_SECRET_BYTES = 48
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO
_POSTGRES_OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service")


class BadSetting(JiebanError):
    """An environment variable that can't be used."""

    code = "site.bad_setting"
    exit_code = Exit.USAGE

    def __init__(self, name: str, what: str, fix: str) -> None:
        super().__init__(what, where=Where(file=name), fix=fix)


def var_directory(environ: Mapping[str, str]) -> Path:
    """Where an installation keeps what it makes: JIEBAN_VAR, else `var` in the working directory."""
    return Path(environ.get(VAR) or "var").absolute()


def directory(environ: Mapping[str, str], name: str, default: str) -> Path:
    """The directory that a variable names, else `default` within the var directory."""
    given = environ.get(name)
    return Path(given).absolute() if given else var_directory(environ) / default


def demonstration(environ: Mapping[str, str]) -> bool:
    """JIEBAN_DEMO: whether the orders are made up and carry the mark of such. Raises BadSetting but for 0 and 1."""
    given = environ.get(DEMO) or "0"
    if given not in {"0", "1"}:
        raise BadSetting(DEMO, tr("只能写 0 或 1。"), tr("演示用的平台写 1;真实的平台不写。"))
    return given == "1"


def behind_https(environ: Mapping[str, str]) -> bool:
    """JIEBAN_HTTPS: whether browsers come by https, through a proxy in front. Raises BadSetting but for 0 and 1."""
    given = environ.get(HTTPS) or "0"
    if given not in {"0", "1"}:
        raise BadSetting(HTTPS, tr("只能写 0 或 1。"), tr("经 https 访问的写 1;只在本机试用的不写。"))
    return given == "1"


def proxies(environ: Mapping[str, str]) -> int:
    """JIEBAN_PROXIES: through how many proxies of ours a browser's request comes. Raises BadSetting."""
    given = environ.get(PROXIES) or "0"
    if not given.isascii() or not given.isdigit() or int(given) > MOST_PROXIES:
        raise BadSetting(
            PROXIES,
            tr("应是 0 至 {most} 的整数。", most=MOST_PROXIES),
            tr("请写浏览器与本服务之间有几层自己的反向代理。"),
        )
    return int(given)


def two_step_roles(environ: Mapping[str, str]) -> frozenset[str]:
    """JIEBAN_TWO_STEP_ROLES: roles that need a one-time code to work, with commas between, `none` for nobody.

    Administrators if it isn't set; in a demonstration nobody. Raises BadSetting.
    """
    given = environ.get(TWO_STEP_ROLES) or ("none" if demonstration(environ) else "administrator")
    if given.strip() == "none":
        return frozenset()
    named = frozenset(name.strip() for name in given.split(",") if name.strip())
    for name in sorted(named - set(POST_ROLES)):
        raise BadSetting(
            TWO_STEP_ROLES, tr("没有“{role}”这种角色。", role=name), did_you_mean(name, POST_ROLES)
        )
    return named


def clock_shift(environ: Mapping[str, str]) -> timedelta:
    """JIEBAN_CLOCK_SHIFT: whole seconds by which the desks' clock is moved, for demonstrations. Raises BadSetting."""
    given = environ.get(CLOCK_SHIFT) or "0"
    try:
        shift = timedelta(seconds=int(given))
    except (ValueError, OverflowError) as fault:
        raise BadSetting(
            CLOCK_SHIFT, tr("不是整数秒。"), tr("请写整数,如 -86400;真实的平台不写。")
        ) from fault
    if shift and not demonstration(environ):
        raise BadSetting(
            CLOCK_SHIFT, tr("真实的平台不能拨动时钟。"), tr("请去掉该变量;演示平台请设 {name}=1。", name=DEMO)
        )
    return shift


def allowed_hosts(environ: Mapping[str, str]) -> list[str]:
    """JIEBAN_HOSTS: the names by which browsers reach this server, with commas between; else this machine alone."""
    given = [name.strip() for name in environ.get(HOSTS, "").split(",")]
    return [name for name in given if name] or ["localhost", "127.0.0.1", "[::1]"]


def page_assets() -> list[tuple[str, str]]:
    """Directories of scripts that pages take from the setup, with the prefix under which they are served."""
    return [("vendor", str(place)) for place in asset_dirs() if place.is_dir()][:1]


def database(environ: Mapping[str, str]) -> dict[str, object]:
    """JIEBAN_DATABASE as Django's settings of a database; a SQLite file in the var directory if it isn't set.

    Raises BadSetting.
    """
    given = environ.get(DATABASE)
    if not given:
        return _sqlite(var_directory(environ) / "jieban.sqlite3")
    scheme, colon, rest = given.partition(":")
    if scheme == "sqlite" and rest.startswith("///") and rest != "///":
        return _sqlite(Path(unquote(rest.removeprefix("///"))).absolute())
    if colon and scheme in {"postgresql", "postgres"}:
        return _postgresql(given)
    raise BadSetting(DATABASE, tr("不是数据库地址。"), _how())


def _how() -> str:
    return tr(
        "请写成 {file} 或 {server};经本机套接字连接,加 {socket}。",
        file="sqlite:///PATH",
        server="postgresql://USER:PASSWORD@HOST:PORT/NAME",
        socket="?host=DIRECTORY",
    )


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            # A transaction that turns from reading to writing may not wait for its turn and fails at once; one that
            # takes the lock at its beginning waits `timeout` seconds for it.
            "transaction_mode": "IMMEDIATE",
            "timeout": WAIT_SECONDS,
            # FULL: a commit is on the disk before it is acknowledged, in WAL too. recursive_triggers: INSERT OR
            # REPLACE fires the delete triggers as well, so that it is no way around them.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        },
    }


def _postgresql(url: str) -> dict[str, object]:
    try:
        parts = urlsplit(url)
        port = parts.port
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as fault:
        raise BadSetting(DATABASE, tr("不是数据库地址。"), _how()) from fault
    for option in query:
        if option not in _POSTGRES_OPTIONS:
            what = tr("不认识的连接选项“{option}”。", option=option)
            raise BadSetting(DATABASE, what, did_you_mean(option, _POSTGRES_OPTIONS))
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise BadSetting(DATABASE, tr("没有写明数据库名。"), _how())
    host = query.pop("host", None)
    if host and parts.hostname:
        raise BadSetting(DATABASE, tr("主机写了两处。"), _how())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 0,  # the pool keeps connections; Django refuses both
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "application_name": "jieban",
            # A machine that is off, or behind a wall, answers nothing at all: the system's own patience is minutes.
            "connect_timeout": AWAY_SECONDS,
            "tcp_user_timeout": _UNHEARD_MILLISECONDS,
            # Whoever finds an order locked for so long is told so, as on SQLite, and doesn't wait for ever.
            # Compiling a statement takes longer than running one of ours, which PostgreSQL often takes for costly.
            # Rows that wait for the index of words are read by every search: few.
            "options": f"-c lock_timeout={WAIT_SECONDS}s -c jit=off -c gin_pending_list_limit=1MB",
            # Nothing is opened before it is wanted: a command takes one connection, a server as many as it has threads,
            # so that nobody waits for another's: who waits, waits for a server that is away.
            "pool": {
                "min_size": 0,
                "max_size": MOST_CONNECTIONS,
                "timeout": AWAY_SECONDS,
                # A server that was away is tried anew by the next who wants it; the pool's own tries lie farther and
                # farther apart, and keep everybody waiting for minutes after it is back.
                "reconnect_timeout": _RECONNECTS_WITHIN,
            },
        },
    }


def evidence_storage(environ: Mapping[str, str]) -> dict[str, object]:
    """Where evidence is kept, as Django's settings of a storage: on disk, or where a named storage class puts it.

    Raises BadSetting for options that aren't a JSON object, or that belong to no named class.
    """
    backend, written = environ.get(EVIDENCE_STORAGE), environ.get(EVIDENCE_OPTIONS)
    if not backend:
        if written:
            what = tr("写了选项,却没有写存储类。")
            raise BadSetting(EVIDENCE_OPTIONS, what, tr("请同时设置 {name}。", name=EVIDENCE_STORAGE))
        return {
            "BACKEND": "jieban.orders.evidence.disk.EvidenceDisk",
            "OPTIONS": {
                "location": str(directory(environ, "JIEBAN_EVIDENCE", "evidence")),
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    try:
        options = json.loads(written or "{}")
    except ValueError as fault:
        raise _bad_options() from fault
    if not isinstance(options, dict):
        raise _bad_options()
    return {"BACKEND": backend, "OPTIONS": options}


def _bad_options() -> BadSetting:
    fix = tr("请写成 JSON 对象,如 {example}。", example='{"bucket_name": "evidence"}')
    return BadSetting(EVIDENCE_OPTIONS, tr("选项不是 JSON 对象。"), fix)


def secret_key(environ: Mapping[str, str]) -> str:
    """The key that signs sessions: JIEBAN_SECRET_KEY, else what `make_secret_key` stored, else empty.

    Django refuses to sign anything with an empty one. Raises BadSetting for a file that others may read.
    """
    if given := environ.get(SECRET_KEY):
        return given
    path = var_directory(environ) / SECRET_KEY_FILE
    try:
        with path.open(encoding="ascii") as stream:
            if os.fstat(stream.fileno()).st_mode & _OTHERS_MAY:
                fix = tr("请运行 chmod 600 {path},并考虑更换密钥。", path=path)
                raise BadSetting(str(path), tr("密钥文件对同组或其他用户开放。"), fix)
            return stream.read().strip()
    except FileNotFoundError:
        return ""


def make_secret_key(var: Path) -> Path | None:
    """Make a key and store it in the var directory, for this user alone; gives its file, or None if there was one.

    Safe to be called by several processes at once: one key is made.
    """
    path = var / SECRET_KEY_FILE
    if path.exists():
        return None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(_SECRET_BYTES) + "\n")
        os.link(new, path)
    except FileExistsError:
        return None
    finally:
        new.unlink()
    return path
