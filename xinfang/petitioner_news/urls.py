"""The address of this feature. It names no case."""

from django.urls import path

from . import views

urlpatterns = [path("news/undelivered/", views.undelivered_page, name="undelivered")]
