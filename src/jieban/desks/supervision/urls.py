"""The addresses of this desk."""

from django.urls import path

from jieban.desks.supervision import views

urlpatterns = [
    path("", views.desk, name="supervision"),
    path("bulk/", views.bulk, name="supervision-bulk"),
    path("units/", views.units, name="supervision-units"),
    path("ledger/", views.ledger, name="supervision-ledger"),
    path("hot/", views.hot, name="supervision-hot"),
    path("hot/orders/", views.behind, name="supervision-behind"),
    path("<str:number>/", views.desk, name="supervision-order"),
]
