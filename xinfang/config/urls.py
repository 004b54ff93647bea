"""Where each address leads."""

from django.urls import include, path

from xinfang.core.features import names
from xinfang.monitoring.healthz import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *(path("", include(name)) for name in names("urls")),
]

handler400 = "xinfang.web.views.bad_request"
handler403 = "xinfang.web.views.forbidden"
handler404 = "xinfang.web.views.not_found"
handler500 = "xinfang.web.views.server_error"
