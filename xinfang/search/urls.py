"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/saved/", views.saved, name="search-saved"),
    path("search/<str:key>/", views.search, name="search-found"),
    path("search/<str:key>/export/", views.export, name="search-export"),
]
