"""The Django app of the desks."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_migrate


class DesksConfig(AppConfig):
    """Pages, and the little that only pages keep: drafts, who looks at what, saved views, the knowledge base."""

    name = "jieban.desks"
    label = "desks"

    def ready(self) -> None:
        """Have the triggers made anew after each `migrate`: a remade table loses them silently on SQLite.

        And have whoever signs out taken from the orders they had open, and forms speak plainly.
        """
        from jieban.desks.knowledge import triggers  # noqa: PLC0415  # models load after the registry
        from jieban.desks.presence.gone import gone  # noqa: PLC0415  # as above
        from jieban.desks.shell.stock import say_plainly  # noqa: PLC0415  # as above

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="desks.knowledge.triggers")
        user_logged_out.connect(gone, dispatch_uid="desks.presence.gone")
        say_plainly()
