"""The addresses of the studio."""

from django.urls import path

from jieban.desks.studio import views

urlpatterns = [
    path("", views.start, name="studio"),
    path("new/", views.begin, name="studio-new"),
    path("files/<int:key>/", views.internal_file, name="studio-file"),
    path("<int:key>/", views.draft, name="studio-draft"),
    path("<int:key>/pages/<slug:edition>/", views.preview_page, name="studio-page"),
    path("<int:key>/wording/", views.wording, name="studio-wording"),
    path("<int:key>/wording.toml", views.words_file, name="studio-words"),
    path("<int:key>/withdraw/", views.withdraw, name="studio-withdraw"),
    path("<int:key>/do/<slug:what>/", views.do, name="studio-do"),
]
