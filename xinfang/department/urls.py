"""The addresses of this feature. Numbers stand in them, personal data never."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
]
