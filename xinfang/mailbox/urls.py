"""The addresses of this feature."""

from django.urls import path

from .views import mails

urlpatterns = [
    path("mails/", mails.mails_page, name="mails"),
    path("mails/<int:pk>/", mails.mail_page, name="mail"),
    path("mails/<int:pk>/do/", mails.decide, name="mail-decide"),
    path("mails/<int:pk>/raw/", mails.raw, name="mail-raw"),
]
