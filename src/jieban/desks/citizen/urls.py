"""The addresses that are open to everybody."""

from django.urls import path

from jieban.desks.citizen import answers, follow, views

urlpatterns = [
    path("", views.home, name="home"),
    path("file/", views.file, name="file"),
    path("file/done/", views.done, name="filed"),
    path("mailbox/<slug:mailbox>/", views.file, name="mailbox"),
    path("my/", follow.find, name="follow"),
    path("my/leave/", follow.leave, name="leave"),
    path("my/<str:number>/", follow.show, name="mine"),
    path("my/<str:number>/photos/<int:serial>/", follow.photo, name="my-photo"),
    path("my/<str:number>/<slug:name>/", follow.act, name="my-act"),
    path("answers/", answers.answers, name="answers"),
]
