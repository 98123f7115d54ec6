"""The Django app of the desks."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """Pages, and the little that only pages keep: drafts, who looks at what, saved views."""

    name = "jieban.desks"
    label = "desks"
