"""The tables of the desks, gathered for Django: each stands with the desk that keeps it."""

from jieban.desks.citizen.models import Tally
from jieban.desks.search.models import SavedView
from jieban.desks.studio.models import Draft, Edit, Step, Version, VersionFile
from jieban.desks.work.models import Task

__all__ = ["Draft", "Edit", "SavedView", "Step", "Tally", "Task", "Version", "VersionFile"]
