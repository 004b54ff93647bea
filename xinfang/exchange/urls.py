"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("exchange/", views.exchange_page, name="exchange"),
    path("exchange/package/", views.package, name="exchange-package"),
]
