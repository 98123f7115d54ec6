import sys
from pathlib import Path

# In importlib mode this is how `live_database` is found, beside the rooms.
sys.path.insert(0, str(Path(__file__).parents[1]))

from live_database import database, django_db_setup, template

__all__ = ["database", "django_db_setup", "template"]
