"""The addresses of this desk."""

from django.urls import path

from jieban.desks.intake import views

urlpatterns = [
    path("", views.desk, name="intake"),
    path("<slug:panel>/", views.panel, name="intake-panel"),
]
