"""The addresses of this feature. They hold no personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("help/", views.contents, name="help"),
    path("help/tour/", views.put_tour_away, name="help-tour"),
    path("help/<slug:name>/", views.chapter, name="help-chapter"),
]
