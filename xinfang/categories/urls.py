"""The addresses of this feature. Numbers stand in them, personal data never."""

from django.urls import path

from . import views

urlpatterns = [
    path("categories/", views.categories, name="categories"),
    path("categories/import/", views.import_workbook, name="categories-import"),
]
