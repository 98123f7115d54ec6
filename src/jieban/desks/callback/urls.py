"""The addresses of this desk."""

from django.urls import path

from jieban.desks.callback import views

urlpatterns = [
    path("", views.desk, name="callback"),
    path("bulk/", views.bulk, name="callback-bulk"),
    path("<str:number>/", views.desk, name="callback-order"),
]
