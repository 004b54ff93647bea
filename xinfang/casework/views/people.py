"""Units and staff: who holds which duty from when to when, who stands in for whom, and who leaves."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.actions import accounts, key_posts, lockout, passwords, two_persons
from xinfang.accounts.actions.checks import MANAGE
from xinfang.accounts.actions.people import Rejected
from xinfang.accounts.confirm import confirm_first, recently_confirmed
from xinfang.accounts.models import STAFF_ROLES, Absence, Authenticator, Duty, Staff, Unit
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.views.staff_changes import CONFIRMED_AGAIN, change, change_unit, staff_or_none
from xinfang.cases.queries.petitions import visible_to
from xinfang.casework.actions.hand_over import hand_over_open_work
from xinfang.core.clock import today
from xinfang.procedure.steps.oversight import ChangeHandler, ChangeLeader
from xinfang.procedure.visibility import SEES_CHANGES, SEES_PEOPLE
from xinfang.procedure.words import OPEN_STATES, Role
from xinfang.web import draft_forms as drafts
from xinfang.web.shell import show

HERE = "/people/"
HANDS_OVER = (Role.OFFICE, Role.OFFICE_HEAD)
LEADERS = (Role.LEADER.value, Role.PRINCIPAL_LEADER.value)
OPEN = [s.value for s in OPEN_STATES]

Fields = list[dict[str, Any]]


@require_safe
@desk_page(*SEES_PEOPLE)
def people(request: DeskRequest) -> HttpResponse:
    """Every unit with its head and its people; then who is away, and who has no duty today."""
    day = today()
    by_unit: dict[int | None, dict[int, dict[str, Any]]] = {}
    placed: set[int] = set()
    for duty in Duty.objects.on(day).select_related("staff", "unit").order_by("id"):
        if duty.staff.left_on and duty.staff.left_on < day:
            continue
        placed.add(duty.staff_id)
        row = by_unit.setdefault(duty.unit_id, {}).setdefault(duty.staff_id, {"staff": duty.staff, "duties": []})
        row["duties"].append(duty.role_label)
    units = [
        {"unit": u, "people": list(by_unit.get(u.pk, {}).values()), "ended": bool(u.ended_on and u.ended_on <= day)}
        for u in Unit.objects.select_related("leader")
    ]
    context = {
        "units": units,
        "unplaced": list(by_unit.get(None, {}).values()),
        "absences": Absence.objects.filter(until__gte=day).select_related("staff", "deputy").order_by("since"),
        "others": Staff.objects.exclude(pk__in=placed),
        "may_change": request.actor.has(*MANAGE),
        "sees_changes": request.actor.has(*SEES_CHANGES),
        "day": day,
    }
    return show(request, "casework/people.html", context, here=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def new_unit(request: DeskRequest) -> HttpResponse:
    """A unit that didn't exist before."""
    return _unit_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_PEOPLE)
def unit(request: DeskRequest, code: str) -> HttpResponse:
    """One unit: its name, kind, leader, and the day on which it ends."""
    found = Unit.objects.select_related("leader").filter(code=code).first()
    if found is None:
        raise Http404
    return _unit_page(request, found)


def _unit_page(request: DeskRequest, found: Unit | None) -> HttpResponse:
    typed = {
        "code": found.code if found else "",
        "name": found.name if found else "",
        "kind": found.kind if found else "",
        "leader": found.leader.username if found and found.leader else "",
        "ended_on": found.ended_on.isoformat() if found and found.ended_on else "",
    }
    errors: list[dict[str, Any]] = []
    if request.method == "POST":
        typed |= {k: request.POST.get(k, typed[k]).strip() for k in typed}
        try:
            said = change_unit(found, typed, request.user)
            drafts.accepted(request)
            messages.success(request, said)
            return redirect("people")
        except Rejected as rejected:
            errors = _errors(rejected)
    leaders = Staff.objects.filter(duties__in=Duty.objects.on(today()).filter(role__in=LEADERS)).distinct()
    fields: Fields = [
        {"name": "name", "label": "名称", "required": True, "value": typed["name"], "attrs": {"maxlength": 60}},
        {
            "name": "kind",
            "label": "类型",
            "widget": "select",
            "required": True,
            "help": "办公室、处室和厅属单位可以承办信访事项",
            "choices": [("", "请选择", not typed["kind"])]
            + [(v, label, v == typed["kind"]) for v, label in Unit.Kind.choices],
        },
        {
            "name": "leader",
            "label": "分管厅领导",
            "widget": "select",
            "choices": [("", "未定", not typed["leader"])]
            + [(s.username, f"{s.name} {s.title}".strip(), s.username == typed["leader"]) for s in leaders],
        },
    ]
    if found is None:
        fields.insert(0, _code_field(typed["code"]))
    else:
        ended = {"help": "撤销后不再接收新的事项，以前的记录照旧。", "value": typed["ended_on"]}
        fields.append({"name": "ended_on", "label": "撤销日期", "widget": "date", **ended})
    context = {
        "unit": found,
        "fields": fields,
        "errors": errors,
        "may_change": request.actor.has(*MANAGE),
        "duties": Duty.objects.filter(unit=found).select_related("staff").order_by("until", "since") if found else [],
        "open_work": visible_to(request.actor).filter(handling_unit=found, state__in=OPEN).count() if found else 0,
        "day": today(),
    }
    return show(request, "casework/unit.html", context, here=HERE, status=422 if errors else 200)


def _code_field(value: str) -> dict[str, Any]:
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
    errors: list[dict[str, Any]] = []
    if request.method == "POST":
        try:
            made = two_persons.new_account(**typed, by=request.user)
            drafts.accepted(request)
            words = "首次登录密码由安全管理员确认后生成，两人各得一半。请接着为其添加职责，没有职责的人什么也看不到。"
            messages.success(request, f"已新增“{made.name}”。{words}")
            return redirect("staff", username=made.username)
        except Rejected as rejected:
            errors = _errors(rejected)
    fields: Fields = [
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
    context = {"fields": fields, "errors": errors, "may_change": request.actor.has(*MANAGE), "person": None}
    return show(request, "casework/staff.html", context, here=HERE, status=422 if errors else 200)


def _about_person(typed: dict[str, str]) -> Fields:
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
    """One person: duties from–to, absences with a deputy, and what is open with him now. Nothing is scored or ranked."""
    person = _person(username)
    typed = {k: v for k, v in request.POST.items() if isinstance(v, str)}
    errors: list[dict[str, Any]] = []
    done = typed.get("do", "")
    if request.method == "POST":
        if done in CONFIRMED_AGAIN and not recently_confirmed(request):
            return confirm_first(request, request.path)
        try:
            said = change(request, person, done, typed)
            drafts.accepted(request)
            messages.success(request, said)
            return redirect("staff", username=person.username)
        except Rejected as rejected:
            errors = _errors(rejected)
    context = _person_context(request, person, typed if errors else {}, done) | {
        "errors": errors,
        "opened": done if errors else "",
    }
    return show(request, "casework/staff.html", context, here=HERE, status=422 if errors else 200)


def _person_context(request: DeskRequest, person: Staff, typed: dict[str, str], do: str) -> dict[str, Any]:
    day = today()
    about = {"name": person.name, "title": person.title, "email": person.email}
    if do == "about":
        about |= {k: typed.get(k, "") for k in about}

    def of(form: str, key: str) -> str:
        return typed.get(key, "") if do == form else ""

    duties = [
        {
            "duty": d,
            "now": d.since <= day and (d.until is None or d.until >= day),
            "open": not d.until or d.until >= day,
        }
        for d in person.duties.select_related("unit").order_by("-until", "-since")
    ]
    units = Unit.objects.filter(ended_on=None)
    colleagues = Staff.objects.filter(is_active=True, left_on=None).exclude(pk=person.pk)
    return {
        "person": person,
        "may_change": request.actor.has(*MANAGE),
        "may_reset": request.actor.has(Role.SYSTEM_ADMINISTRATOR) and request.user.pk != person.pk,
        "may_release": request.actor.has(*accounts.RELEASES) and request.user.pk != person.pk,
        "one_time_used": passwords.must_change(person)
        and person.given_passwords.filter(password=person.password).exclude(used_at=None).exists(),
        "is_shut": lockout.is_shut(person),
        "has_second_factor": Authenticator.objects.filter(staff=person).exclude(confirmed_at=None).exists(),
        "needs_two": bool(key_posts.needs_two(person)),
        "last_in": [r.label for r in key_posts.last_in(person, day, (Role.SEALED_OFFICER,))],
        "waiting": person.changes_waiting.filter(decided_at=None).select_related("proposed_by"),
        "duties": duties,
        "absences": person.absences.select_related("deputy"),
        "standing_in": person.stands_in.filter(until__gte=day).select_related("staff"),
        "open": open_work(request, person),
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
                + [(u.code, u.name, u.code == of("add-duty", "unit")) for u in units],
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
                    for s in colleagues
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


def open_work(request: DeskRequest, person: Staff) -> dict[str, int]:
    """How many open cases wait with this person, as far as the viewer may see them (1 query)."""
    handled = Q(handler=person, state__in=[s.value for s in ChangeHandler.rule.when])
    led = Q(responsible_leader=person, state__in=[s.value for s in ChangeLeader.rule.when])
    counts: dict[str, int] = (
        visible_to(request.actor)
        .filter(handled | led)
        .order_by()
        .aggregate(handled=Count("pk", filter=handled), led=Count("pk", filter=led))
    )
    return counts


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*HANDS_OVER)
def hand_over(request: DeskRequest, username: str) -> HttpResponse:
    """All open work of somebody to somebody else: first what it is, then how each case fared."""
    person = _person(username)
    typed = {k: request.POST.get(k, "").strip() for k in ("to", "reason")}
    errors: list[dict[str, Any]] = []
    result = None
    if request.method == "POST":
        try:
            successor = staff_or_none(typed["to"], "接手人")
            if successor is None:
                raise Rejected("请选择接手人。")
            result = hand_over_open_work(person, successor, reason=typed["reason"], by=request.user)
            drafts.accepted(request)
        except Rejected as rejected:
            errors = _errors(rejected)
    day = today()
    units = set(person.duties.values_list("unit_id", flat=True)) - {None}
    near = Duty.objects.on(day).filter(Q(unit_id__in=units) | Q(role__in=LEADERS))
    colleagues = Staff.objects.filter(is_active=True, left_on=None, duties__in=Duty.objects.on(day)).exclude(
        pk=person.pk
    )
    close = set(near.values_list("staff_id", flat=True))
    choices = [
        (s.username, f"{s.name} {s.title}".strip(), s.username == typed["to"])
        for s in colleagues.distinct()
        if s.pk in close
    ]
    context = {
        "person": person,
        "open": open_work(request, person),
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
    return show(request, "casework/hand_over.html", context, here=HERE, status=422 if errors else 200)


def _person(username: str) -> Staff:
    found = Staff.objects.filter(username=username).first()
    if found is None:
        raise Http404
    return found


def _errors(rejected: Rejected) -> list[dict[str, Any]]:
    return [{"reason": sentence} for sentence in rejected.sentences]
