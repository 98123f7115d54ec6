"""The addresses of this desk."""

from django.urls import path

from jieban.desks.search import views

urlpatterns = [
    path("", views.desk, name="search"),
    path("list.xlsx", views.export, name="search-export"),
    path("views/", views.keep, name="search-keep"),
    path("views/<int:pk>/forget/", views.forget, name="search-forget"),
    path("<str:number>/", views.desk, name="search-order"),
]
