"""The addresses of this feature. They hold numbers of rows, never personal data."""

from django.urls import path

from .views import forms, pages

urlpatterns = [
    path("reception/", pages.calendar, name="reception"),
    path("reception/register/", pages.register, name="reception-register"),
    path("reception/matters/", pages.matters, name="reception-matters"),
    path("reception/days/new/", forms.publish, name="reception-day-new"),
    path("reception/days/<int:pk>/", pages.day, name="reception-day"),
    path("reception/days/<int:pk>/end/", forms.end, name="reception-day-end"),
    path("reception/days/<int:pk>/book/", forms.book, name="reception-book"),
    path("reception/bookings/<int:pk>/", pages.booking, name="reception-booking"),
    path("reception/bookings/<int:pk>/<slug:code>/", forms.act, name="reception-act"),
    path("reception/records/<int:pk>/answer/", forms.answer, name="reception-answer"),
]
