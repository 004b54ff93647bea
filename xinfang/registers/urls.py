"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from . import views

urlpatterns = [
    path("registers/", views.registers, name="registers"),
    path("registers/export/", views.export, name="list-export"),
    path("registers/views/", views.saved_views, name="list-views"),
    path("registers/exports/<int:pk>/", views.job, name="export-job"),
    path("registers/exports/<int:pk>/do/", views.job_act, name="export-job-act"),
    path("registers/exports/<int:pk>/file/", views.job_file, name="export-job-file"),
]
