"""The addresses of this desk."""

from django.urls import path

from jieban.desks.dispatch import views

urlpatterns = [
    path("", views.desk, name="dispatch"),
    path("bulk/", views.bulk, name="dispatch-bulk"),
    path("<str:number>/", views.desk, name="dispatch-order"),
]
