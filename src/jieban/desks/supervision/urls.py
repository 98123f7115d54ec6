"""The addresses of this desk."""

from django.urls import path

from jieban.desks.supervision import views

urlpatterns = [
    path("", views.desk, name="supervision"),
    path("<str:number>/", views.desk, name="supervision-order"),
]
