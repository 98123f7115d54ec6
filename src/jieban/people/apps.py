"""The Django application of the people."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    """Names the application, and sees that every migration leaves its triggers in place."""

    name = "jieban.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the triggers made anew after each `migrate`: a remade table loses them silently on SQLite."""
        from jieban.people import triggers  # noqa: PLC0415  # models load after the registry

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="people.triggers")
