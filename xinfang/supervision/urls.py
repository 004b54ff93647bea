"""The addresses of this feature. Numbers stand in them, personal data never."""

from django.urls import path

from . import views

urlpatterns = [
    path("supervision/", views.supervision, name="supervision"),
]
