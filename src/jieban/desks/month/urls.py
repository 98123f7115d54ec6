"""The addresses of the month at a glance."""

from django.urls import path

from jieban.desks.month import views

urlpatterns = [
    path("", views.glance, name="month"),
    path("wall/", views.wall, name="month-wall"),
    path("orders/", views.listed, name="month-orders"),
    path("count/", views.count, name="month-count"),
]
