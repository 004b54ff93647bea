"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from .views import figures, figures_reports

urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("figures/cases/", figures.cases, name="figures-cases"),
    path("figures/workbook/", figures.workbook, name="figures-workbook"),
    path("figures/reports/<str:period>/<slug:version>/", figures_reports.write, name="figures-report"),
    path(
        "figures/reports/<str:period>/<slug:version>/<slug:form>/",
        figures_reports.download,
        name="figures-report-file",
    ),
]
