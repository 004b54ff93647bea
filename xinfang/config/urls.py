"""Where each address leads."""

from django.urls import include, path

from xinfang.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("xinfang.desk.urls")),
]

handler400 = "xinfang.desk.views.errors.bad_request"
handler403 = "xinfang.desk.views.errors.forbidden"
handler404 = "xinfang.desk.views.errors.not_found"
handler500 = "xinfang.desk.views.errors.server_error"
