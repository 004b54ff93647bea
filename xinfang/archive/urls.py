"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("petitions/<str:number>/archive/", views.file, name="archive-file"),
    path("petitions/<str:number>/archive/package/", views.package, name="archive-package"),
    path("archive/", views.waiting, name="archive"),
    path("archive/kept/", views.kept, name="archive-kept"),
    path("archive/kept/catalogue/", views.catalogue, name="archive-catalogue"),
    path("archive/ending/", views.ending, name="archive-ending"),
    path("archive/disposals/", views.disposals, name="archive-disposals"),
]
