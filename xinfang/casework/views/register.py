"""Registering what came in: one column, the channel decides the fields, likely repeats are shown at the side."""

import re
import uuid
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.attachments.actions.original_places import place_on_registration
from xinfang.attachments.forms import MAX_PLACE
from xinfang.attachments.views import scans
from xinfang.cases.access import case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import perform, still_sees
from xinfang.cases.step_forms import posted, step_form
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.casework.actions.desk_answers import register_with_answer
from xinfang.casework.views.what_next import address_after
from xinfang.core.clock import today
from xinfang.department.queries import effective_setting
from xinfang.incidents.actions.act import take_incident_step
from xinfang.incidents.queries.incidents import incidents_visible_to
from xinfang.mailbox.actions.deciding import mail_was_registered
from xinfang.mailbox.queries.mails import registration_answers as mail_answers
from xinfang.mailbox.views.beside import (
    BesideMail,
    decided_meanwhile,
    erase_beside,
    mail_beside,
    opened_beside,
    shown_beside,
    tell_refused,
)
from xinfang.petitioner_news.actions import keep_wishes
from xinfang.petitioner_news.desk_form import news_parts, read_wishes
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.facts import Facts
from xinfang.procedure.incidents.on_site import RegisterOnTheSpot
from xinfang.procedure.limits import GROUP_VISIT
from xinfang.procedure.people_words import Secrecy
from xinfang.procedure.rules import Reason, Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.steps.intake import Register, nothing_secret_is_registered
from xinfang.procedure.visibility import REGISTERS_CASES, NotVisible, calls_the_petitioner
from xinfang.procedure.words import AccessKind, Channel, Role
from xinfang.reception.actions import link_case, log_look
from xinfang.reception.queries.prefill import received_booking, registration_answers
from xinfang.web import form_drafts as drafts
from xinfang.web.form_types import Field, Problem
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import errors_title

if TYPE_CHECKING:
    from xinfang.incidents.models import Incident
    from xinfang.reception.queries.days import BookingView, DayView

RARE = ("complained_units", "complained_staff", "external_number")
PERSON_RARE = ("kind", "id_number", "foreign", "language", "translate")
NUMBER = re.compile(r"[A-Z]{2}[0-9]{10}")


MAX_ANSWER_CHARACTERS = 20_000
"""So much of an answer given on the spot is kept."""
MAX_SUBJECT = 60
"""Characters of a subject that is made of the requests."""


class RegisterPage(TypedDict):
    """The form of a registration. `f`: its parts by the name of the field."""

    f: dict[str, step_form.FormPart]
    scans: dict[str, Any]
    rare: list[step_form.FormPart]
    answer: list[Field]
    original: Field
    news: list[Field]
    rare_open: bool
    errors: list[Problem]
    errors_title: str
    key: str
    incident: "Incident | None"
    booking: str
    """The booking of which it is registered; empty where it is of none."""
    mail: BesideMail | None
    """The message of which it is registered, beside the form."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*REGISTERS_CASES)
def register(request: DeskRequest) -> HttpResponse:
    """Show the form, and take the petition that comes of it."""
    if request.method != "POST":
        visit = received_booking(request.GET.get("booking", ""), request.actor)
        start = _of_a_visit(request, *visit) if visit else _start(_incident(request, request.GET.get("incident", "")))
        start |= _same_people(request)
        if mail := opened_beside(request):
            start |= mail_answers(mail)
        if "answered" in request.GET and _answers(request):
            start |= {"channel": Channel.PHONE.value, "told_orally": True}
        return _page(request, start, key=uuid.uuid4().hex)
    sent = request.POST
    key = posted.idempotency_key_of(sent)
    if away := decided_meanwhile(request):
        return away
    raw = posted.read_answers(Register, sent)
    if mail := mail_beside(request):
        # The day on which it came into the box is known, and isn't the clerk's to change.
        raw["received_on"] = mail.received_on.isoformat()
    if raw["secrecy"] in (Secrecy.YES.value, Secrecy.UNSURE.value):
        return _stopped(request)
    choices = CaseChoices(Facts(), directory(today()))
    wishes, unsaid = read_wishes(sent)
    if not raw["secrecy"]:
        unsaid["secrecy"] = "请选择是否涉及国家秘密或者工作秘密。"
    try:
        step = posted.step_from(Register, _asked(request, _named(_counted(raw))), choices)
        if unsaid:
            return _page(request, raw, key=key, problems=unsaid)
        done = _registered(request, step, f"{request.user.pk}-{key}")
    except InvalidAnswer as e:
        return _page(request, raw, key=key, problems={**unsaid, **e.problems})
    except Refused as e:
        return _page(request, raw, key=key, refused=e)
    except NoAnswer as e:
        return _page(request, raw, key=key, problems={"answer": str(e)})
    drafts.form_accepted(request)
    number = done.petition.number
    scans.join(request, number)
    if mail is not None:
        tell_refused(request, mail_was_registered(mail.pk, done.petition, by=request.actor, staff=request.user))
    place_on_registration(number, done.petition.pk, _original_place(request), staff=request.user)
    if not done.again:
        keep_wishes(done.petition, 1, wishes, staff=request.user, now=timezone.now())
    if (incident := _incident(request, sent.get("incident", ""))) is not None:
        _link(request, incident.number, number, key)
        if still_sees(request.actor, done.facts):
            messages.success(request, _on_the_spot(incident.number, number))
            return redirect("incident", incident.number)
    if not still_sees(request.actor, done.facts):
        messages.success(request, f"已登记 {number}。此件不在您可以查看的范围内，由有权人员继续办理。")
        return redirect("inbox")
    if visit := received_booking(sent.get("booking", ""), request.actor):
        link_case(visit[1].row.pk, number, by=request.actor, staff=request.user)
    messages.success(
        request,
        format_html(
            '<span class="prose">已登记 {}，<a href="{}">打印回执</a>；<a href="{}">再登记一件</a>，'
            '<a href="{}?same={}">同一人另有一件</a></span>',
            number,
            reverse("receipt", args=[number]),
            reverse("register"),
            reverse("register"),
            number,
        ),
    )
    if done.event.code == StepCode.ANSWER and done.event.stage == "proposed":
        messages.info(request, "当场答复已提出，等待另一人确认；确认前各项期限照常计算。")
    first = sent.get("repeat_of", "")
    # Only a number goes into the address: anything else that was sent in its place would stay in a browser's history.
    if NUMBER.fullmatch(first) and request.actor.has(Role.OFFICE, Role.OFFICE_HEAD) and not done.again:
        return redirect(f"{reverse('step', args=[number, StepCode.LINK_REPEAT])}?first={first}")
    return redirect(address_after(request, done.petition, done.facts, from_inbox=True))


class NoAnswer(XinfangError):
    """The box says that a question was answered, and there is no answer, or it was no question; says which."""


def _registered(request: DeskRequest, step: Register, key: str) -> StepResult:
    """Register, and where the form says so put the answer forward that was given there and then.

    Raises:
        NoAnswer: it says so and gives none.
        Refused: with the reasons.
    """
    if not _was_answered(request):
        return perform(step, None, by=request.actor, idempotency_key=key)
    text = request.POST.get("answer", "").replace("\0", "").strip()
    if not text:
        raise NoAnswer("请填写当场答复的内容，或者取消勾选“已当场答复”。")
    if step.requests:
        raise NoAnswer("填写了诉求的不只是咨询：请取消勾选“已当场答复”，登记后按诉求办理。")
    return register_with_answer(step, text[:MAX_ANSWER_CHARACTERS], by=request.actor, key=key, today=today())


def _was_answered(request: DeskRequest) -> bool:
    """Tell whether the form says that the question was answered there and then."""
    return _answers(request) and request.POST.get("answered") == "on"


def _answers(request: DeskRequest) -> bool:
    """Tell whether this person may answer a question at the desk: only the office classifies (H11)."""
    return request.actor.has(Role.OFFICE, Role.OFFICE_HEAD)


def _answer_parts(request: DeskRequest, problems: dict[str, str]) -> list[Field]:
    """Return the box and the field of an answer that was given there and then; none for who may not give it."""
    if not _answers(request):
        return []
    return [
        {
            "name": "answered",
            "label": "只是咨询，已当场答复",
            "widget": "checkbox",
            "value": request.POST.get("answered") == "on" or "answered" in request.GET,
            "help": "不必分类、转办；由办公室另一人确认后即为已回复。提出诉求的，或者答复有所拒绝的，不要勾选",
        },
        {
            "name": "answer",
            "label": "答复内容",
            "widget": "text",
            "value": request.POST.get("answer", ""),
            "error": problems.get("answer", ""),
            "required": True,
            "attrs": {"rows": 3, "maxlength": 4000},
        },
    ]


def _original_place(request: DeskRequest) -> str:
    """Return where the paper original was put, as the form says it, on one line."""
    return " ".join(request.POST.get("original", "").replace("\0", "").split())[:MAX_PLACE]


def _original_part(request: DeskRequest) -> Field:
    """Return the field that says where the paper original was put."""
    return {
        "name": "original",
        "label": "原件存放处",
        "value": request.POST.get("original", ""),
        "help": "如：办公室3号柜2层，随附光盘1张。以后借出、归还、装订入卷在此件页面登记",
        "attrs": {"maxlength": MAX_PLACE},
    }


def _start(incident: "Incident | None") -> dict[str, Any]:
    """Return what the form begins with."""
    return {
        "channel": Channel.VISIT.value if incident else Channel.LETTER.value,
        "source": "direct",
        "received_on": today(),
        "reception_place": (incident and incident.place) or effective_setting("reception_place"),
    }


def _same_people(request: DeskRequest) -> dict[str, Any]:
    """Return the people, the way and the day of a matter that this person registered today: one visit, several matters.

    Only a number is in the address; whoever may not call these people gets an empty form.
    """
    number = request.GET.get("same", "")
    if not NUMBER.fullmatch(number):
        return {}
    case = case_or_404(request, number)
    if not calls_the_petitioner(request.actor, case.facts, today()):
        return {}
    found = case.petition
    people = [
        {
            "name": p.full_name,
            "role": p.role,
            "kind": p.kind,
            "phone": p.phone,
            "address": p.address,
            "id_number": p.id_number,
        }
        for p in found.petitioners.all()
    ]
    shown = sorted({name for person in people for name in ("phone", "address", "id_number") if person[name]})
    log_access(found, request.user, AccessKind.UNMASK, "同一来访（来电）人另有事项，一并登记", fields=["name", *shown])
    return {"persons": people, "channel": found.channel, "source": found.source, "received_on": found.received_on}


def _of_a_visit(request: DeskRequest, day: "DayView", booking: "BookingView") -> dict[str, Any]:
    """Return what the record of a visit to a leader gives; that it was looked at in plain is written down."""
    if booking.petition is not None:
        return _start(None)
    log_look(booking.row, "登记成件", staff=request.user)
    return registration_answers(day, booking)


def _stopped(request: DeskRequest) -> HttpResponse:
    """Keep nothing of what may be secret (H3): neither typed text, nor its draft, nor the scans that were ticked."""
    drafts.form_accepted(request)
    scans.discard(request)
    erase_beside(request)
    c = nothing_secret_is_registered
    why = Refused([Reason(c.says, c.cites, c.todo, c.code)])
    incident = _incident(request, request.POST.get("incident", ""))
    return _page(request, _start(incident), key=uuid.uuid4().hex, refused=why)


def _incident(request: DeskRequest, number: str) -> "Incident | None":
    """Return the event at whose place this is registered.

    None unless one is named that this person may see (1 query, only then).
    """
    return incidents_visible_to(request.actor).filter(number=number[:20].upper()).first() if number else None


def _link(request: DeskRequest, incident: str, number: str, key: str) -> None:
    """Write into the event's log that this matter was registered there (H16).

    What is registered stays, whatever the log says.
    """
    try:
        take_incident_step(
            RegisterOnTheSpot(number=number),
            incident,
            by=request.actor,
            staff=request.user,
            idempotency_key=f"{request.user.pk}-{key}",
        )
    except (Refused, NotVisible) as e:
        why = "；".join(str(r) for r in e.reasons) if isinstance(e, Refused) else "此事件已不在您可以查看的范围内"
        messages.error(
            request, f"{number} 已登记，但没有与 {incident} 关联：{why}请在事件页用“关联已登记的信访件”补上。"
        )


def _on_the_spot(incident: str, number: str) -> SafeString:
    return format_html(
        '<span class="prose">已登记 <a href="{}">{}</a>，<a href="{}">打印回执</a>；'
        '<a href="{}?incident={}">现场再登记一件</a></span>',
        reverse("petition", args=[number]),
        number,
        reverse("receipt", args=[number]),
        reverse("register"),
        incident,
    )


def _counted(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with as many people as were named, where no number of people was given."""
    if str(raw.get("group_size") or "").strip():
        return raw
    people = sum(p.get("role") != "agent" for p in raw.get("persons") or ())
    return {**raw, "group_size": max(people, 1)}


def _named(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with a subject made of the requests, where none was written."""
    if str(raw.get("subject") or "").strip():
        return raw
    asked = "；".join(str(r.get("text") or "").strip() for r in raw.get("requests") or ())
    return {**raw, "subject": asked if len(asked) <= MAX_SUBJECT else f"{asked[: MAX_SUBJECT - 1]}…"}


def _asked(request: DeskRequest, raw: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with the question itself as what was said, where it was answered and nothing more written."""
    if not _was_answered(request) or str(raw.get("body") or "").strip() or raw.get("requests"):
        return raw
    return {**raw, "body": raw["subject"]}


def _page(
    request: DeskRequest,
    values: dict[str, Any],
    *,
    key: str,
    problems: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    choices = CaseChoices(Facts(), directory(today()))
    form = step_form.StepForm(
        StepCode.REGISTER, choices, values, problems or {}, side_by_side=("secrecy", "channel"), folded=PERSON_RARE
    )
    parts = form.parts(Register)
    named = {p["field"]["name"] if "field" in p else p["rows"]["name"]: p for p in parts}
    controls = step_form.control_names(parts) | {"answer", "news_sms", "news_mail"}
    errors = step_form.problem_summary(problems, controls) if problems else []
    errors += step_form.reasons_summary(refused.reasons, controls, "received_on") if refused else []
    named["secrecy"]["field"]["required"] = True
    named["subject"]["field"]["required"] = False
    named["subject"]["field"]["help"] += "；不填的，以下面的诉求为事由"
    named["group_size"]["field"]["help"] += "；不填按已填写的人数计"
    named["group_size"]["field"]["attrs"] |= {"min": 1, "data-group": GROUP_VISIT.on(today()).value}
    rare = [named[name] for name in RARE]
    in_error = {error["field"] for error in errors}
    booking = (request.POST or request.GET).get("booking", "")
    chosen = request.POST.getlist("scan") if request.method == "POST" else request.GET.get("scan", "").split(",")
    context: RegisterPage = {
        "f": named,
        "scans": scans.cards(request, chosen),
        "rare": rare,
        "answer": _answer_parts(request, problems or {}),
        "original": _original_part(request),
        "news": news_parts(request.POST, problems or {}),
        "rare_open": bool(_original_place(request))
        or any(p["field"]["error"] or p["field"]["name"] in in_error or _used(p) for p in rare),
        "errors": errors,
        "errors_title": errors_title(errors, "现在还不能登记"),
        "key": key,
        "incident": _incident(request, (request.POST or request.GET).get("incident", "")),
        "mail": shown_beside(request),
        "booking": booking if received_booking(booking, request.actor) else "",
    }
    return render_page(request, "casework/register.html", context, here="register", status=422 if errors else 200)


def _used(part: dict[str, Any]) -> bool:
    field = part["field"]
    chosen = [c for _, _, c in field.get("choices", ())] + [
        c for group in field.get("groups", ()) for _, _, c in group["choices"]
    ]
    return bool(field["value"]) or any(chosen)
