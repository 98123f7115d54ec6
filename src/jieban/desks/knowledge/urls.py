"""The addresses of this desk."""

from django.urls import path

from jieban.desks.knowledge.exchange.page import exchange, export
from jieban.desks.knowledge.pages import views, writing
from jieban.desks.knowledge.pages.offers import offers
from jieban.desks.knowledge.pages.several import publish_several

urlpatterns = [
    path("", views.desk, name="knowledge"),
    path("new/", writing.new, name="knowledge-new"),
    path("publish/", publish_several, name="knowledge-publish"),
    path("preview/", writing.preview, name="knowledge-preview"),
    path("files/", exchange, name="knowledge-files"),
    path("files/export.toml", export, name="knowledge-export"),
    path("offers/<str:number>/", offers, name="knowledge-offers"),
    path("<int:pk>/", views.desk, name="article"),
    path("<int:pk>/edit/", writing.edit, name="article-edit"),
    path("<int:pk>/used/", views.used, name="article-used"),
    path("<int:pk>/do/<slug:name>/", views.act, name="article-act"),
    path("<int:pk>/versions/<int:number>/", views.version, name="article-version"),
]
