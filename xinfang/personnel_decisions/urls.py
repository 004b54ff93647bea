"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("rewards/", views.personnel_decisions, name="rewards"),
    path("rewards/new/", views.new, name="reward-new"),
    path("rewards/<str:number>/", views.decision, name="reward"),
    path("rewards/<str:number>/file/", views.file, name="reward-file"),
]
