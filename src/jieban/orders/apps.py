"""The Django application of the live orders."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrdersConfig(AppConfig):
    """Names the application, and sees that every migration leaves the trail's triggers in place."""

    name = "jieban.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the triggers made anew after each `migrate`: a remade table loses them silently on SQLite."""
        from jieban.orders.triggers import after_migrate  # noqa: PLC0415  # models load after the registry

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="orders.triggers")
