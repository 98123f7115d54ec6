"""The addresses of this desk."""

from django.urls import path

from jieban.desks.unit import scene, views

urlpatterns = [
    path("", views.desk, name="unit"),
    path("<str:number>/", views.desk, name="unit-order"),
    path("<str:number>/scene/", scene.scene, name="unit-scene"),
]
