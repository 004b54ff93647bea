"""The address of this feature. It holds no personal data."""

from django.urls import path

from . import views

urlpatterns = [path("phrases/", views.phrases, name="phrases")]
