"""How PostgreSQL keeps the long texts of the trail."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def compress_by_lz4(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Events are long texts: LZ4 takes a tenth of the time of PostgreSQL's own compression for a little more room.

    A server that was built without it keeps its own way.
    """
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'")
        found = cursor.fetchone()
    if found is not None and "lz4" in found[0]:
        editor.execute("ALTER TABLE orders_event ALTER COLUMN data SET COMPRESSION lz4")


class Migration(migrations.Migration):
    """PostgreSQL only; SQLite compresses nothing."""

    dependencies = (("orders", "0001_orders"),)
    operations = (migrations.RunPython(compress_by_lz4, migrations.RunPython.noop),)
