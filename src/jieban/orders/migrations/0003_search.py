from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import jieban.orders.models.fields


def drop_index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """On the way back: SQLite drops no column that a trigger names."""
    if editor.connection.vendor == "sqlite":
        for name in ("insert", "update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS orders_search_{name}")
        editor.execute("DROP TABLE IF EXISTS orders_search")


class Migration(migrations.Migration):
    """The index over it is made after every migration (`orders.search.tables`)."""

    dependencies = (("orders", "0002_storage"),)
    operations = (
        migrations.AddField(
            model_name="ordersecret",
            name="search",
            field=jieban.orders.models.fields.TokensField(null=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_index),
    )
