"""The addresses of this feature. Numbers stand in them, personal data never."""

from django.urls import path

from . import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/<str:key>/", views.search, name="search-found"),
]
