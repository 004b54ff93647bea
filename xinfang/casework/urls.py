"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from xinfang.casework.views import (
    boards,
    calendar,
    categories,
    exports,
    inbox,
    notifications,
    people,
    petition,
    petitions,
    procedure,
    reasons,
    register,
    step,
)

urlpatterns = [
    path("categories/", categories.categories, name="categories"),
    path("categories/import/", categories.import_workbook, name="categories-import"),
    path("", inbox.inbox, name="inbox"),
    path("register/", register.register, name="register"),
    path("register/similar/", register.similar, name="register-similar"),
    path("petitions/", petitions.petitions, name="petitions"),
    path("petitions/<str:number>/", petition.petition, name="petition"),
    path("petitions/<str:number>/receipt/", petition.receipt, name="receipt"),
    path("petitions/<str:number>/reason/", reasons.reason, name="sealed-reason"),
    path("petitions/<str:number>/people/", reasons.people, name="unmask"),
    path("petitions/<str:number>/<slug:code>/", step.take_step, name="step"),
    path("exports/", exports.exports, name="exports"),
    path("boards/", boards.boards, name="boards"),
    path("notices/", notifications.notifications, name="notices"),
    path("procedure/", procedure.procedure, name="procedure"),
    path("procedure/<slug:form>/", procedure.download, name="procedure-file"),
    path("calendar/", calendar.calendar_page, name="calendar"),
    path("calendar/import/", calendar.import_year, name="calendar-import"),
    path("calendar/template/", calendar.template, name="calendar-template"),
    path("people/", people.people, name="people"),
    path("people/units/new/", people.new_unit, name="unit-new"),
    path("people/units/<slug:code>/", people.unit, name="unit"),
    path("people/staff/new/", people.new_staff, name="staff-new"),
    path("people/staff/<str:username>/", people.staff, name="staff"),
    path("people/staff/<str:username>/hand-over/", people.hand_over, name="hand-over"),
]
