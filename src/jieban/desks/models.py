"""The tables of the desks, gathered for Django: each stands with the desk that keeps it."""

from jieban.desks.citizen.models import Tally
from jieban.desks.knowledge.models import Article, ArticleNote, Citation, Objection, Wording
from jieban.desks.lists.models import Export
from jieban.desks.presence.models import Presence
from jieban.desks.search.models import SavedView
from jieban.desks.signin.models import Shared
from jieban.desks.studio.models import Doubt, Draft, Edit, Step, Version, VersionFile
from jieban.desks.work.models import Task

__all__ = [
    "Article",
    "ArticleNote",
    "Citation",
    "Doubt",
    "Draft",
    "Edit",
    "Export",
    "Objection",
    "Presence",
    "SavedView",
    "Shared",
    "Step",
    "Tally",
    "Task",
    "Version",
    "VersionFile",
    "Wording",
]
