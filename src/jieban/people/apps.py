"""The Django application of the people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the application."""

    name = "jieban.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
