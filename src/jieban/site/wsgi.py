"""The platform as a WSGI application, for granian or any other server."""

import gc
import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

# Pages are in Chinese, whatever the service's own language is.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jieban.site.settings")


def _settle() -> None:
    """Bring what every visit needs into memory before the first, and take it for what stays as long as we run.

    Else the first visitor of each process would wait for it, and now and then another for Python's look through some
    200,000 objects of which none ever goes (a tenth of a second).
    """
    from jieban.people.city import filed  # noqa: PLC0415  # wants Django to be ready
    from jieban.people.errors import NoProfile  # noqa: PLC0415  # as above
    from jieban.profile.city import BadProfile  # noqa: PLC0415  # as above

    get_resolver().reverse_dict  # noqa: B018  # reading it imports every page
    with suppress(NoProfile, BadProfile):  # told to whoever comes, by the page of errors
        filed()
    gc.collect()
    gc.freeze()


application = get_wsgi_application()
_settle()
