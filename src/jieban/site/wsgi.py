"""The platform as a WSGI application, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

# Pages are in Chinese, whatever the service's own language is.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jieban.site.settings")

application = get_wsgi_application()
