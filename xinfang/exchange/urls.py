"""The addresses of this feature. Numbers stand in them, personal data never."""

from django.urls import path

from . import views

urlpatterns = [
    path("exchange/", views.exchange_page, name="exchange"),
    path("exchange/package/", views.package, name="exchange-package"),
]
