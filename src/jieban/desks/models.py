"""The tables of the desks, gathered for Django: each stands with the desk that keeps it."""

from jieban.desks.citizen.models import Tally
from jieban.desks.studio.models import Draft, Edit, Step, Version, VersionFile
from jieban.desks.work.models import Task

__all__ = ["Draft", "Edit", "Step", "Tally", "Task", "Version", "VersionFile"]
