"""The addresses of a window apart: those of the window, and none of the desk's.

They have the names and places of the window that runs beside the desk, so pages made there lead to the same.
"""

from django.urls import path

from xinfang.window.views import receipts

from . import views

urlpatterns = [
    path("", views.entrance, name="entrance"),
    path("healthz", views.healthz, name="healthz"),
    path("window/", views.home, name="window"),
    path("window/notice/", views.notice, name="window-notice"),
    path("window/reception/", views.reception, name="window-reception"),
    path("window/procedure/", views.procedure, name="window-procedure"),
    path("window/figures/", views.figures, name="window-figures"),
    path("window/figures/report/", views.report, name="window-report"),
    path("window/leaflet/", views.leaflet, name="window-leaflet"),
    path("window/submit/", views.submit_page, name="window-submit"),
    path("window/submit/done/", views.receipt_page, name="window-receipt"),
    path("window/submit/done/file/", views.receipt_to_save, name="window-receipt-file"),
    path("window/check/", receipts.check_page, name="window-check"),
    path("window/check/file/", receipts.check_file, name="window-check-file"),
    path("window/follow/", views.open_page, name="window-follow"),
    path("window/leave/", views.leave, name="window-leave"),
    path("window/case/", views.case_page, name="window-case"),
    path("window/case/say/", views.say_page, name="window-say"),
    path("window/case/papers/<int:place>/", views.paper_file, name="window-paper"),
]

handler400 = "xinfang.web.views.bad_request"
handler403 = "xinfang.web.views.forbidden"
handler404 = "xinfang.web.views.not_found"
handler500 = "xinfang.web.views.server_error"
