"""The addresses of this desk."""

from django.urls import path

from jieban.desks.review import views

urlpatterns = [
    path("", views.desk, name="review"),
    path("<str:number>/", views.desk, name="review-order"),
]
