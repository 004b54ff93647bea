"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
]
