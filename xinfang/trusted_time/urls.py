"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("time/", views.time_page, name="time"),
]
