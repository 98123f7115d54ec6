"""The tables of the desks, gathered for Django: each stands with the desk that keeps it."""

from jieban.desks.studio.models import Draft, Edit, Step, Version, VersionFile
from jieban.desks.work.models import Task

__all__ = ["Draft", "Edit", "Step", "Task", "Version", "VersionFile"]
