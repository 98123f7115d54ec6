"""The addresses of this desk."""

from django.urls import path

from jieban.desks.callback import views

urlpatterns = [
    path("", views.desk, name="callback"),
    path("<str:number>/", views.desk, name="callback-order"),
]
