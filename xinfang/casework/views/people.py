"""Units and staff: who holds which duty from when to when, who stands in for whom, and who leaves."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.actions import accounts, key_posts, lockout, passwords, second_factor, two_persons
from xinfang.accounts.actions.change_checks import MANAGES_PEOPLE
from xinfang.accounts.actions.people import Rejected
from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.changes import pending_changes_of
from xinfang.accounts.queries.duties import (
    Placement,
    absences_from,
    absences_of,
    deputised_absences,
    duties_in,
    duties_of,
    leaders_on,
    placements,
    successors_of,
)
from xinfang.accounts.queries.own_account import one_time_password_used
from xinfang.accounts.queries.staff import (
    UNIT_KINDS,
    active_colleagues,
    active_units,
    staff_by_username,
    staff_without,
    unit_by_code,
    units_with_leaders,
)
from xinfang.accounts.views.staff_changes import CONFIRMED_AGAIN, change, change_unit, staff_or_none
from xinfang.cases.queries.counts import open_cases_in, open_work_of
from xinfang.casework.actions.staff_leaving import ReassignedWork, reassign_open_work
from xinfang.core.clock import today
from xinfang.procedure.visibility import SEES_CHANGES, SEES_PEOPLE
from xinfang.procedure.words import STAFF_ROLES, Role
from xinfang.web import form_drafts as drafts
from xinfang.web.forms import Field, Problem
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from xinfang.accounts.models import Absence, Duty, PendingChange, Staff, Unit

HERE = "/people/"
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
    fields: list[Field]
    errors: list[Problem]
    may_change: bool
    duties: "Iterable[Duty]"
    open_work: int


class NewStaffPage(TypedDict):
    """The form for somebody who came."""

    fields: list[Field]
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
    fields: list[Field]
    duty_fields: list[Field]
    absence_fields: list[Field]
    without_successor_field: Field
    leave_field: Field


class HandOverPage(TypedDict):
    """The open work of somebody, and how each case fared once it was handed over."""

    person: "Staff"
    open: dict[str, int]
    result: ReassignedWork | None
    errors: list[Problem]
    fields: list[Field]


@require_safe
@desk_page(*SEES_PEOPLE)
def people(request: DeskRequest) -> HttpResponse:
    """Every unit with its head and its people; then who is away, and who has no duty today."""
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
    return render_page(request, "casework/people.html", context, here=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def new_unit(request: DeskRequest) -> HttpResponse:
    """A unit that didn't exist before."""
    return _unit_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def unit(request: DeskRequest, code: str) -> HttpResponse:
    """One unit: its name, kind, leader, and the day on which it ends."""
    found = unit_by_code(code)
    if found is None:
        raise Http404
    return _unit_page(request, found)


def _unit_page(request: DeskRequest, found: "Unit | None") -> HttpResponse:
    typed = {
        "code": found.code if found else "",
        "name": found.name if found else "",
        "kind": found.kind if found else "",
        "leader": found.leader.username if found and found.leader else "",
        "ended_on": found.ended_on.isoformat() if found and found.ended_on else "",
    }
    errors: list[Problem] = []
    if request.method == "POST":
        typed |= {k: request.POST.get(k, typed[k]).strip() for k in typed}
        try:
            said = change_unit(found, typed, request.user)
            drafts.form_accepted(request)
            messages.success(request, said)
            return redirect("people")
        except Rejected as rejected:
            errors = _errors(rejected)
    fields: list[Field] = [
        {"name": "name", "label": "名称", "required": True, "value": typed["name"], "attrs": {"maxlength": 60}},
        {
            "name": "kind",
            "label": "类型",
            "widget": "select",
            "required": True,
            "help": "办公室、处室和厅属单位可以承办信访事项",
            "choices": [("", "请选择", not typed["kind"])]
            + [(v, label, v == typed["kind"]) for v, label in UNIT_KINDS],
        },
        {
            "name": "leader",
            "label": "分管厅领导",
            "widget": "select",
            "choices": [("", "未定", not typed["leader"])]
            + [(s.username, f"{s.name} {s.title}".strip(), s.username == typed["leader"]) for s in leaders_on(today())],
        },
    ]
    if found is None:
        fields.insert(0, _code_field(typed["code"]))
    else:
        fields.append(
            {
                "name": "ended_on",
                "label": "撤销日期",
                "widget": "date",
                "help": "撤销后不再接收新的事项，以前的记录照旧。",
                "value": typed["ended_on"],
            }
        )
    context: UnitPage = {
        "unit": found,
        "fields": fields,
        "errors": errors,
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "duties": duties_in(found) if found else [],
        "open_work": open_cases_in(found, request.actor) if found else 0,
    }
    return render_page(request, "casework/unit.html", context, here=HERE, status=422 if errors else 200)


def _code_field(value: str) -> Field:
    return {
        "name": "code",
        "label": "代码",
        "required": True,
        "value": value,
        "help": "小写字母开头，如 funds；设定后不再改变，历史记录以它为准",
        "attrs": {"maxlength": 40},
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def new_staff(request: DeskRequest) -> HttpResponse:
    """An account for somebody who came."""
    typed = {k: request.POST.get(k, "").strip() for k in ("username", "name", "title", "email")}
    errors: list[Problem] = []
    if request.method == "POST":
        try:
            made = two_persons.propose_new_account(**typed, by=request.user)
            drafts.form_accepted(request)
            words = "首次登录密码由安全管理员确认后生成，两人各得一半。请接着为其添加职责，没有职责的人什么也看不到。"
            messages.success(request, f"已新增“{made.name}”。{words}")
            return redirect("staff", username=made.username)
        except Rejected as rejected:
            errors = _errors(rejected)
    fields: list[Field] = [
        {
            "name": "username",
            "label": "用户名",
            "required": True,
            "value": typed["username"],
            "help": "登录用，设定后不再改变",
            "attrs": {"maxlength": 40, "autocomplete": "off"},
        },
        *_about_person(typed),
    ]
    context: NewStaffPage = {
        "fields": fields,
        "errors": errors,
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "person": None,
    }
    return render_page(request, "casework/staff.html", context, here=HERE, status=422 if errors else 200)


def _about_person(typed: dict[str, str]) -> list[Field]:
    return [
        {"name": "name", "label": "姓名", "required": True, "value": typed["name"], "attrs": {"maxlength": 60}},
        {"name": "title", "label": "职务", "value": typed["title"], "attrs": {"maxlength": 60}},
        {
            "name": "email",
            "label": "电子邮箱",
            "widget": "email",
            "value": typed["email"],
            "help": "用于期限提醒；可以留空",
        },
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def staff(request: DeskRequest, username: str) -> HttpResponse:
    """One person: duties from–to, absences with a deputy, and what is open with them now. Nothing is scored or ranked."""
    person = _person(username)
    typed = {k: v for k, v in request.POST.items() if isinstance(v, str)}
    errors: list[Problem] = []
    done = typed.get("do", "")
    if request.method == "POST":
        if done in CONFIRMED_AGAIN and not recently_confirmed(request):
            return confirm_first(request, request.path)
        try:
            said = change(request, person, done, typed)
            drafts.form_accepted(request)
            messages.success(request, said)
            return redirect("staff", username=person.username)
        except Rejected as rejected:
            errors = _errors(rejected)
    context = _staff_page(request, person, typed if errors else {}, done, errors)
    return render_page(request, "casework/staff.html", context, here=HERE, status=422 if errors else 200)


def _staff_page(
    request: DeskRequest, person: "Staff", typed: dict[str, str], do: str, errors: list[Problem]
) -> StaffPage:
    day = today()
    about = {"name": person.name, "title": person.title, "email": person.email}
    if do == "about":
        about |= {k: typed.get(k, "") for k in about}

    def of(form: str, key: str) -> str:
        return typed.get(key, "") if do == form else ""

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
        "opened": do if errors else "",
        "person": person,
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "may_reset": request.actor.has(Role.SYSTEM_ADMINISTRATOR) and request.user.pk != person.pk,
        "may_release": request.actor.has(*accounts.ENDS_LOCKOUT) and request.user.pk != person.pk,
        "one_time_used": passwords.must_change_password(person) and one_time_password_used(person),
        "is_shut": lockout.is_locked_out(person),
        "has_second_factor": second_factor.has_second_factor(person),
        "needs_two": bool(key_posts.why_two_persons_needed(person)),
        "last_in": [r.label for r in key_posts.posts_left_empty(person, day, (Role.SEALED_OFFICER,))],
        "waiting": pending_changes_of(person),
        "duties": duties,
        "absences": absences_of(person),
        "standing_in": deputised_absences(person, day),
        "open": open_work_of(person, request.actor),
        "may_hand_over": request.actor.has(*HANDS_OVER),
        "day": day,
        "fields": _about_person(about),
        "duty_fields": [
            {
                "name": "role",
                "id": "duty-role",
                "label": "职责",
                "widget": "select",
                "required": True,
                "choices": [("", "请选择", False)]
                + [(r.value, r.label, r.value == of("add-duty", "role")) for r in STAFF_ROLES],
            },
            {
                "name": "unit",
                "id": "duty-unit",
                "label": "单位",
                "widget": "select",
                "choices": [("", "不属于某个单位", False)]
                + [(u.code, u.name, u.code == of("add-duty", "unit")) for u in active_units()],
            },
            {
                "name": "since",
                "id": "duty-since",
                "label": "起",
                "widget": "date",
                "value": of("add-duty", "since") or day.isoformat(),
            },
            {
                "name": "until",
                "id": "duty-until",
                "label": "止",
                "widget": "date",
                "help": "不填则至另行通知",
                "value": of("add-duty", "until"),
            },
        ],
        "absence_fields": [
            {
                "name": "deputy",
                "id": "absence-deputy",
                "label": "代行人员",
                "widget": "select",
                "required": True,
                "choices": [("", "请选择", False)]
                + [
                    (s.username, f"{s.name} {s.title}".strip(), s.username == of("absence", "deputy"))
                    for s in active_colleagues(person)
                ],
            },
            {
                "name": "since",
                "id": "absence-since",
                "label": "起",
                "widget": "date",
                "required": True,
                "value": of("absence", "since"),
            },
            {
                "name": "until",
                "id": "absence-until",
                "label": "止",
                "widget": "date",
                "required": True,
                "value": of("absence", "until"),
            },
            {
                "name": "reason",
                "id": "absence-reason",
                "label": "事由",
                "value": of("absence", "reason"),
                "attrs": {"maxlength": 100},
            },
        ],
        "without_successor_field": {
            "name": "without_successor",
            "label": "没有接任人的理由",
            "help": "是最后一位检举控告专管员；确无接任人（如去世）才填写，会通知审计员",
            "value": of("leave", "without_successor"),
            "attrs": {"maxlength": 60},
        },
        "leave_field": {
            "name": "left_on",
            "label": "离任日期",
            "widget": "date",
            "help": "在职最后一天。记录、签名和职责历史都保留。",
            "value": of("leave", "left_on") or (person.left_on.isoformat() if person.left_on else ""),
        },
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*HANDS_OVER)
def hand_over(request: DeskRequest, username: str) -> HttpResponse:
    """All open work of somebody to somebody else: first what it is, then how each case fared."""
    person = _person(username)
    typed = {k: request.POST.get(k, "").strip() for k in ("to", "reason")}
    errors: list[Problem] = []
    result = None
    if request.method == "POST":
        try:
            successor = staff_or_none(typed["to"], "接手人")
            if successor is None:
                raise Rejected("请选择接手人。")
            result = reassign_open_work(person, successor, reason=typed["reason"], by=request.user)
            drafts.form_accepted(request)
        except Rejected as rejected:
            errors = _errors(rejected)
    choices = [
        (s.username, f"{s.name} {s.title}".strip(), s.username == typed["to"]) for s in successors_of(person, today())
    ]
    context: HandOverPage = {
        "person": person,
        "open": open_work_of(person, request.actor),
        "result": result,
        "errors": errors,
        "fields": [
            {
                "name": "to",
                "label": "接手人",
                "widget": "select",
                "required": True,
                "help": "同一单位的人员；厅领导包案的，请选另一位厅领导",
                "choices": [("", "请选择", not typed["to"]), *choices],
            },
            {
                "name": "reason",
                "label": "理由",
                "widget": "text",
                "required": True,
                "value": typed["reason"],
                "help": "写入每一件的办理记录，如：工作调动",
                "attrs": {"maxlength": 2000, "rows": 3},
            },
        ],
    }
    return render_page(request, "casework/hand_over.html", context, here=HERE, status=422 if errors else 200)


def _person(username: str) -> "Staff":
    found = staff_by_username(username)
    if found is None:
        raise Http404
    return found


def _errors(rejected: Rejected) -> list[Problem]:
    return [{"reason": sentence} for sentence in rejected.sentences]
