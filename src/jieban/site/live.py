"""The way into the live platform for whoever isn't Django's own server: commands, jobs, tests."""

import atexit
import os
from datetime import UTC, datetime
from pathlib import Path

from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.site.environment import DATABASE, make_secret_key


class DatabaseUnreachable(JiebanError):
    """No connection comes about, or there is no such file."""

    code = "site.database_unreachable"
    exit_code = Exit.MISSING_PART


class DatabaseBehind(JiebanError):
    """The database's tables aren't those of this version."""

    code = "site.database_behind"
    exit_code = Exit.MISSING_PART


def setup() -> None:
    """Make Django ready, once. Called by the commands that need the database, so that the others start without it.

    Raises BadSetting for an environment that can't be used.
    """
    from django.apps import apps  # noqa: PLC0415  # slow, and wanted by these commands only

    if apps.ready:
        return
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jieban.site.settings")
    django.setup()
    atexit.register(let_go)


def let_go() -> None:
    """End connections in order, so that SQLite brings its write-ahead log home and PostgreSQL hears a good-bye.

    Before processes are forked: a child that inherits an open SQLite connection believes it holds its locks, which
    aren't inherited; a connection to PostgreSQL would be spoken to by several at once, and a pool of them inherited
    without the threads that open any.
    """
    from django.db import connections  # noqa: PLC0415  # as in setup

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # the backend's own


def ready() -> None:
    """`setup`, and a database that can be reached and has the tables of this version.

    Raises BadSetting, DatabaseUnreachable and DatabaseBehind.
    """
    setup()
    reach()
    if missing := unapplied():
        raise DatabaseBehind(
            tr("数据库的表结构不是本版本的(缺 {n} 步迁移)。", n=len(missing)),
            fix=tr("请运行 jieban live init。"),
        )
    _look_at_the_city()


def _look_at_the_city() -> None:
    """What was changed of the city on pages holds for commands, too. Raises BadProfile where files contradict it."""
    from django.conf import settings  # noqa: PLC0415

    from jieban.people.city import filed  # noqa: PLC0415
    from jieban.people.city_in_force import look  # noqa: PLC0415
    from jieban.people.errors import NoProfile  # noqa: PLC0415
    from jieban.profile.city import BadProfile  # noqa: PLC0415

    try:
        filed()
    except (NoProfile, BadProfile):
        return  # told by the command that needs a city
    look(datetime.now(UTC) + settings.JIEBAN_CLOCK_SHIFT)


def reach() -> None:
    """Connect once. Raises DatabaseUnreachable, at once where nobody answers; makes no file."""
    from django.db import Error, connection  # noqa: PLC0415  # as in setup

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        raise DatabaseUnreachable(
            tr("还没有数据库文件。"),
            where=Where(file=str(connection.settings_dict["NAME"])),
            fix=tr("请运行 jieban live init,或检查 {name}。", name=DATABASE),
        )
    try:
        if connection.vendor == "postgresql":
            _knock()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as fault:
        raise _unreachable(fault) from fault


def _knock() -> None:
    """Connect to PostgreSQL beside the pool, which would try again and again before it gives up."""
    import psycopg  # noqa: PLC0415  # as in setup
    from django.db import connection  # noqa: PLC0415

    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.Error as fault:
        raise _unreachable(fault) from fault


def _unreachable(fault: Exception) -> DatabaseUnreachable:
    said = " ".join(str(fault).split())
    return DatabaseUnreachable(
        tr("连接不上数据库({reason})。", reason=said),
        fix=tr("请检查 {name},以及数据库是否在运行。", name=DATABASE),
    )


def unapplied() -> list[str]:
    """Migrations of this version that the database lacks, in order, as `people.0001_accounts_and_posts`."""
    from django.db import connection  # noqa: PLC0415  # as in setup
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def has_signing_key() -> bool:
    """Whether there is a key for what Django signs."""
    from django.conf import settings  # noqa: PLC0415  # as in setup
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django doesn't give an empty one
        return False


def initialise() -> tuple[list[str], Path | None]:
    """Make what a new installation lacks, or bring an older one up to this version. Safe to repeat.

    Gives the migrations that were applied, and the file of the signing key if one was made. Raises what `reach` does.
    """
    setup()
    from django.conf import settings  # noqa: PLC0415  # as in setup
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    for directory in (settings.JIEBAN_VAR, settings.JIEBAN_ANCHORS):
        Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
    key = None if has_signing_key() else make_secret_key(settings.JIEBAN_VAR)
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)  # for this user alone; SQLite gives its other files the same rights
    reach()
    missing = unapplied()
    call_command("migrate", verbosity=0, interactive=False)
    return missing, key


def gather_static() -> None:
    """Bring what pages load to where the server takes it from, hashed and compressed. Quick when nothing changed."""
    setup()
    from django.core.management import call_command  # noqa: PLC0415  # as in setup

    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["fonts"])
