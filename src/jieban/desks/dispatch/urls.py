"""The addresses of this desk."""

from django.urls import path

from jieban.desks.dispatch import merge, split, views

urlpatterns = [
    path("", views.desk, name="dispatch"),
    path("bulk/", views.bulk, name="dispatch-bulk"),
    path("<str:number>/split/", split.split, name="dispatch-split"),
    path("<str:number>/merge/", merge.merge, name="dispatch-merge"),
    path("<str:number>/", views.desk, name="dispatch-order"),
]
