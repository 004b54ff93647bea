"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from .views import duty, incident_files, incident_steps, incidents

urlpatterns = [
    path("duty/", duty.duty, name="duty"),
    path("duty/<str:number>/", duty.reported, name="duty-reported"),
    path("incidents/", incidents.board, name="incidents"),
    path("incidents/pressing/", incidents.awaiting_me, name="incidents-pressing"),
    path("incidents/new/", incident_steps.new, name="incident-new"),
    path("incidents/<str:number>/", incidents.incident, name="incident"),
    path("incidents/<str:number>/log/", incidents.log, name="incident-log"),
    path("incidents/<str:number>/files/<int:place>/", incident_files.photo, name="incident-file"),
    path("incidents/<str:number>/report/", incident_files.report, name="incident-report"),
    path("incidents/<str:number>/report/pages/<int:page>/", incident_files.report_page, name="incident-report-page"),
    path("incidents/<str:number>/<slug:code>/", incident_steps.step, name="incident-step"),
]
