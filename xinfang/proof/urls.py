"""The addresses of this feature. Numbers stand in them, personal data never."""

from django.urls import path

from .views import admin_log, audit, looks

urlpatterns = [
    path("log/", audit.log, name="log"),
    path("log/looks/", looks.looks, name="looks"),
    path("log/admin/", admin_log.admin_log, name="admin-log"),
]
