"""Units and staff: who holds which duty from when to when, who deputises for whom, and who leaves."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.actions import accounts, essential_posts, lockout, passwords, second_factor, two_persons
from xinfang.accounts.actions.change_checks import MANAGES_PEOPLE, require_manager
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.forms import OF_PERSON, HandOverForm, NewStaffForm, NothingForm, UnitForm
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.changes import pending_changes_of
from xinfang.accounts.queries.duties import (
    Placement,
    absences_from,
    absences_of,
    deputised_absences,
    duties_in,
    duties_of,
    placements,
)
from xinfang.accounts.queries.own_account import one_time_password_used
from xinfang.accounts.queries.staff import (
    staff_by_username,
    staff_without,
    unit_by_code,
    units_with_leaders,
)
from xinfang.accounts.views.staff_changes import CONFIRMED_AGAIN, change, change_unit
from xinfang.cases.queries.counts import open_cases_in, open_work_of
from xinfang.casework.actions.staff_leaving import ReassignedWork, reassign_open_work
from xinfang.core.clock import today
from xinfang.procedure.visibility import SEES_CHANGES, SEES_PEOPLE
from xinfang.procedure.words import Role
from xinfang.web import form_drafts as drafts
from xinfang.web.form_types import Problem
from xinfang.web.forms import Form
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from xinfang.accounts.models import Absence, Duty, PendingChange, Staff, Unit

NAV_ROUTE = "people"
HANDS_OVER = (Role.OFFICE, Role.OFFICE_HEAD)


class UnitRow(TypedDict):
    """A unit with its people."""

    unit: "Unit"
    people: list[Placement]
    ended: bool


class PeoplePage(TypedDict):
    """All units and everybody in them."""

    units: list[UnitRow]
    unplaced: list[Placement]
    absences: "QuerySet[Absence]"
    others: "QuerySet[Staff]"
    may_change: bool
    sees_changes: bool
    day: date


class UnitPage(TypedDict):
    """One unit; none yet where it is to be made."""

    unit: "Unit | None"
    form: Form
    errors: list[Problem]
    may_change: bool
    duties: "Iterable[Duty]"
    open_work: int


class NewStaffPage(TypedDict):
    """The form for somebody who came."""

    form: Form
    errors: list[Problem]
    may_change: bool
    person: None


class DutyRow(TypedDict):
    """A duty: held today, not over yet."""

    duty: "Duty"
    now: bool
    open: bool


class StaffPage(TypedDict):
    """One person. `opened` is the form that is shown open because something in it was wrong."""

    errors: list[Problem]
    opened: str
    person: "Staff"
    may_change: bool
    may_reset: bool
    may_release: bool
    one_time_used: bool
    is_shut: bool
    has_second_factor: bool
    needs_two: bool
    last_in: list[str]
    waiting: "QuerySet[PendingChange]"
    duties: list[DutyRow]
    absences: "QuerySet[Absence]"
    standing_in: "QuerySet[Absence]"
    open: dict[str, int]
    may_hand_over: bool
    day: date
    about_form: Form
    duty_form: Form
    absence_form: Form
    leave_form: Form


class HandOverPage(TypedDict):
    """The open work of somebody, and how each case fared once it was handed over."""

    person: "Staff"
    open: dict[str, int]
    result: ReassignedWork | None
    form: Form
    errors: list[Problem]


@require_safe
@desk_page(*SEES_PEOPLE)
def people(request: DeskRequest) -> HttpResponse:
    """Show every unit with its head and its people; then who is away, and who has no duty today."""
    day = today()
    placed = placements(day)
    units: list[UnitRow] = [
        {"unit": u, "people": placed.get(u.pk, []), "ended": bool(u.ended_on and u.ended_on <= day)}
        for u in units_with_leaders()
    ]
    context: PeoplePage = {
        "units": units,
        "unplaced": placed.get(None, []),
        "absences": absences_from(day),
        "others": staff_without({p.staff.pk for row in placed.values() for p in row}),
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "sees_changes": request.actor.has(*SEES_CHANGES),
        "day": day,
    }
    return render_page(request, "casework/people.html", context, here=NAV_ROUTE)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def new_unit(request: DeskRequest) -> HttpResponse:
    """Show the form for a unit that didn't exist before, and take it."""
    return _unit_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def unit(request: DeskRequest, code: str) -> HttpResponse:
    """Show one unit and take changes: its name, kind, leader, and the day on which it ends.

    Raises:
        Http404: there is no unit with this code.
    """
    found = unit_by_code(code)
    if found is None:
        raise Http404
    return _unit_page(request, found)


def _unit_page(request: DeskRequest, found: "Unit | None") -> HttpResponse:
    form = UnitForm(found, request.POST if request.method == "POST" else None)
    if said := _saved(request, form, lambda given: change_unit(found, given, request.user)):
        messages.success(request, said)
        return redirect("people")
    context: UnitPage = {
        "unit": found,
        "form": form,
        "errors": form.summary,
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "duties": duties_in(found) if found else [],
        "open_work": open_cases_in(found, request.actor) if found else 0,
    }
    return _show(request, "casework/unit.html", context, form)


def _saved(request: DeskRequest, form: Form, save: Callable[[dict[str, Any]], str]) -> str:
    """Return the sentence for what was sent and saved; empty where there is a page to show, with the form's errors."""
    if request.method != "POST":
        return ""
    try:
        if form.fields:  # a button says itself who may press it
            require_manager(request.user)
        said = save(form.cleaned_data) if form.is_valid() else ""
    except AdminChangeRefused as rejected:
        form.refuse(rejected.sentences)
        return ""
    if said:
        drafts.form_accepted(request)
    return said


def _show(request: DeskRequest, template: str, context: Mapping[str, object], form: Form) -> HttpResponse:
    return render_page(request, template, context, here=NAV_ROUTE, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def new_staff(request: DeskRequest) -> HttpResponse:
    """Show the form of an account for somebody who came, and take it."""
    form = NewStaffForm(None, request.POST if request.method == "POST" else None)
    if name := _saved(request, form, lambda given: two_persons.propose_new_account(**given, by=request.user).name):
        words = "首次登录密码由安全管理员确认后生成，两人各得一半。请接着为其添加职责，没有职责的人什么也看不到。"
        messages.success(request, f"已新增“{name}”。{words}")
        return redirect("staff", username=form.cleaned_data["username"])
    context: NewStaffPage = {
        "form": form,
        "errors": form.summary,
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "person": None,
    }
    return _show(request, "casework/staff.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def staff(request: DeskRequest, username: str) -> HttpResponse:
    """Show one person: duties from–to, absences with a deputy, and what is open with them now; take changes of these.

    Nothing is scored or ranked.
    """
    person = _person(username)
    done = request.POST.get("do", "")
    if request.method == "POST" and done in CONFIRMED_AGAIN and not recently_confirmed(request):
        return confirm_first(request, request.path)
    sent = OF_PERSON.get(done, NothingForm)(person, request.POST if request.method == "POST" else None)
    if said := _saved(request, sent, lambda given: change(request, person, done, given)):
        messages.success(request, said)
        return redirect("staff", username=person.username)
    forms = {name: made(person) for name, made in OF_PERSON.items()} | {done: sent}
    context = _staff_page(request, person, forms, sent.summary, opened=done if sent.errors else "")
    return _show(request, "casework/staff.html", context, sent)


def _staff_page(
    request: DeskRequest, person: "Staff", forms: Mapping[str, Form], errors: list[Problem], opened: str
) -> StaffPage:
    day = today()
    duties: list[DutyRow] = [
        {
            "duty": d,
            "now": d.since <= day and (d.until is None or d.until >= day),
            "open": not d.until or d.until >= day,
        }
        for d in duties_of(person)
    ]
    return {
        "errors": errors,
        "opened": opened,
        "person": person,
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "may_reset": request.actor.has(Role.SYSTEM_ADMINISTRATOR) and request.user.pk != person.pk,
        "may_release": request.actor.has(*accounts.ENDS_LOCKOUT) and request.user.pk != person.pk,
        "one_time_used": passwords.must_change_password(person) and one_time_password_used(person),
        "is_shut": lockout.is_locked_out(person),
        "has_second_factor": second_factor.has_second_factor(person),
        "needs_two": bool(essential_posts.why_two_persons_needed(person)),
        "last_in": [r.label for r in essential_posts.posts_left_empty(person, day, (Role.SEALED_OFFICER,))],
        "waiting": pending_changes_of(person),
        "duties": duties,
        "absences": absences_of(person),
        "standing_in": deputised_absences(person, day),
        "open": open_work_of(person, request.actor),
        "may_hand_over": request.actor.has(*HANDS_OVER),
        "day": day,
        "about_form": forms["about"],
        "duty_form": forms["add-duty"],
        "absence_form": forms["absence"],
        "leave_form": forms["leave"],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*HANDS_OVER)
def hand_over(request: DeskRequest, username: str) -> HttpResponse:
    """Give all open work of somebody to somebody else: first show what it is, then how each case fared."""
    person = _person(username)
    form = HandOverForm(person, request.POST if request.method == "POST" else None)
    result = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            result = reassign_open_work(person, given["to"], reason=given["reason"], by=request.user)
            drafts.form_accepted(request)
        except AdminChangeRefused as rejected:
            form.refuse(rejected.sentences)
    context: HandOverPage = {
        "person": person,
        "open": open_work_of(person, request.actor),
        "result": result,
        "form": form,
        "errors": form.summary,
    }
    return _show(request, "casework/hand_over.html", context, form)


def _person(username: str) -> "Staff":
    found = staff_by_username(username)
    if found is None:
        raise Http404
    return found
