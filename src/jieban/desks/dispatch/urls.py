"""The addresses of this desk."""

from django.urls import path

from jieban.desks.dispatch import views

urlpatterns = [
    path("", views.desk, name="dispatch"),
    path("<str:number>/", views.desk, name="dispatch-order"),
]
