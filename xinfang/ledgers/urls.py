"""The addresses of this feature."""

from django.urls import path

from . import views

urlpatterns = [
    path("ledgers/", views.ledgers, name="ledgers"),
    path("ledgers/<int:pk>/", views.ledger, name="ledger"),
    path("ledgers/<int:pk>/faults/", views.faults, name="ledger-faults"),
]
