"""The Django application of the live orders."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrdersConfig(AppConfig):
    """Names the application, and sees that every migration leaves the triggers and the search's index in place."""

    name = "jieban.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the triggers made anew after each `migrate`: a remade table loses them silently on SQLite."""
        from jieban.orders import triggers  # noqa: PLC0415  # models load after the registry
        from jieban.orders.search import tables  # noqa: PLC0415  # as above

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="orders.triggers")
        post_migrate.connect(tables.after_migrate, sender=self, dispatch_uid="orders.search")
