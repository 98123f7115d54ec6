"""The addresses of lists as workbooks."""

from django.urls import path

from jieban.desks.lists import views

urlpatterns = [
    path("", views.mine, name="lists"),
    path("export/", views.export, name="lists-export"),
    path("<int:key>.xlsx", views.fetch, name="lists-fetch"),
    path("<int:key>/cancel/", views.give_up, name="lists-cancel"),
    path("<int:key>/again/", views.again, name="lists-again"),
]
