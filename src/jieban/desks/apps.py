"""The Django app of the desks."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DesksConfig(AppConfig):
    """Pages, and the little that only pages keep: drafts, who looks at what, saved views, the knowledge base."""

    name = "jieban.desks"
    label = "desks"

    def ready(self) -> None:
        """Have the triggers made anew after each `migrate`: a remade table loses them silently on SQLite.

        And have forms speak plainly.
        """
        from jieban.desks.knowledge import triggers  # noqa: PLC0415  # models load after the registry
        from jieban.desks.shell.stock import say_plainly  # noqa: PLC0415  # as above

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="desks.knowledge.triggers")
        say_plainly()
