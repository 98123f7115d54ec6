"""The way into the live platform for whoever isn't Django's own server: commands, jobs, tests."""

import os


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
