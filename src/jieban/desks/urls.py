"""The addresses of the desks."""

from django.urls import URLPattern, URLResolver, include, path

from jieban.desks.evidence import views as evidence
from jieban.desks.evidence import withdrawing
from jieban.desks.live import views as live
from jieban.desks.order import contact
from jieban.desks.order import views as order
from jieban.desks.signin import views as signin

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jieban.desks.citizen.urls")),
    path("desk/", signin.start, name="start"),
    path("desk/orders/<str:number>/", order.show, name="order"),
    path("desk/orders/<str:number>/do/<slug:name>/", order.act, name="act"),
    path("desk/orders/<str:number>/contact/", contact.contact, name="contact"),
    path("desk/orders/<str:number>/attach/", evidence.attach, name="attach"),
    path("desk/orders/<str:number>/evidence/<int:serial>/", evidence.show, name="evidence"),
    path(
        "desk/orders/<str:number>/evidence/<int:serial>/withdraw/",
        withdrawing.withdraw,
        name="withdraw-evidence",
    ),
    path("desk/lists/", include("jieban.desks.lists.urls")),
    path("desk/live/", live.live, name="live"),
    path("desk/intake/", include("jieban.desks.intake.urls")),
    path("desk/dispatch/", include("jieban.desks.dispatch.urls")),
    path("desk/unit/", include("jieban.desks.unit.urls")),
    path("desk/review/", include("jieban.desks.review.urls")),
    path("desk/callback/", include("jieban.desks.callback.urls")),
    path("desk/supervision/", include("jieban.desks.supervision.urls")),
    path("desk/search/", include("jieban.desks.search.urls")),
    path("desk/administration/", include("jieban.desks.administration.urls")),
    path("desk/knowledge/", include("jieban.desks.knowledge.urls")),
    path("desk/month/", include("jieban.desks.month.urls")),
    path("desk/studio/", include("jieban.desks.studio.urls")),
    path("guides/", include("jieban.desks.knowledge.pages.guides")),
    path("reports/", include("jieban.desks.studio.public")),
    path("account/", include("jieban.desks.signin.urls")),
]

handler400 = "jieban.desks.shell.errors.bad_request"
handler403 = "jieban.desks.shell.errors.forbidden"
handler404 = "jieban.desks.shell.errors.not_found"
handler500 = "jieban.desks.shell.errors.failed"
