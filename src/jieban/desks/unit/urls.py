"""The addresses of this desk."""

from django.urls import path

from jieban.desks.unit import views

urlpatterns = [
    path("", views.desk, name="unit"),
    path("<str:number>/", views.desk, name="unit-order"),
]
