"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("supervision/", views.supervision, name="supervision"),
    path("supervision/sample/", views.sample, name="sample"),
]
