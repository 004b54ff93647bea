"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from xinfang.proof.views import access_log, admin_log, step_log

urlpatterns = [
    path("log/", step_log.step_log, name="log"),
    path("log/looks/", access_log.access_log, name="looks"),
    path("log/admin/", admin_log.admin_log, name="admin-log"),
]
