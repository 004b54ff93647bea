"""The forms of reception, made from what their answers declare."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.cases.actions.perform import perform
from xinfang.cases.step_forms import posted, step_form
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.core.clock import SHANGHAI, today
from xinfang.procedure.facts import Facts
from xinfang.procedure.reception.answers import (
    BookPlace,
    EndDay,
    PublishDay,
)
from xinfang.procedure.reception.rules import RULES
from xinfang.procedure.reception.words import DayEnd, ReceptionAct
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.step_schema import InvalidAnswer, StaffCode
from xinfang.procedure.steps.handling import AskToMeet
from xinfang.procedure.visibility import BOOKS_RECEPTION, PUBLISHES_RECEPTION, SEES_RECEPTION, NotVisible
from xinfang.reception import actions
from xinfang.reception.queries.days import booking_on, day_view, days_from, event_waiting, may_read
from xinfang.reception.views.pages import NAV_ROUTE, readable_booking, readable_day
from xinfang.reception.views.parts import BookingShown, DayShown, booking_shown, day_shown, event_shown
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Problem
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import errors_title, problems_of

if TYPE_CHECKING:
    from xinfang.reception.models import Booking

_TIMES = ("begins", "ends")
_FIELD_OF = {
    "the_day_is_not_past": "on", "the_hours_are_hours": "begins", "a_leader_receives": "leader",
    "there_is_a_place": "places", "a_moved_day_says_where_to": "on", "a_hindered_day_has_come": "what",
    "it_says_who_asks_and_why": "number", "the_case_is_seen": "number", "somebody_comes": "people",
    "the_new_day_is_open": "day", "the_instruction_can_be_kept": "due", "a_reason_is_given": "opinion",
}  # fmt: skip
"""The condition that failed to the field it speaks of."""


class FormContext(TypedDict):
    """A form of reception."""

    title: str
    hint: str
    parts: list[step_form.FormPart]
    errors: list[Problem]
    errors_title: str
    key: str
    draft: str
    submit: str
    back: str
    day: DayShown | None
    booking: BookingShown | None


class FormPage:
    """One request of a form: what it is made of, what sends it, where it leads."""

    def __init__(
        self, request: DeskRequest, cls: type[Any], *, title: str, draft: str, submit: str, back: str, hint: str = "",
        day: DayShown | None = None, booking: BookingShown | None = None,
        options: dict[str, list[tuple[str, str]]] | None = None,
    ) -> None:  # fmt: skip
        self.request, self.cls = request, cls
        self.title, self.draft, self.submit, self.back, self.hint = title, draft, submit, back, hint
        self.day, self.booking, self.options = day, booking, options or {}
        self.choices = CaseChoices(Facts(), directory(today()))

    def answer(self, start: dict[str, Any], send: Callable[[Any, str], HttpResponse]) -> HttpResponse:
        """Show the form, or send what was typed; it comes back with every reason against it (422).

        Raises:
            Http404: what it is about isn't this person's to see any more.
        """
        if self.request.method != "POST":
            return self.page(start, key=uuid.uuid4().hex)
        key = posted.idempotency_key_of(self.request.POST)
        raw = posted.read_answers(self.cls, self.request.POST)
        for name in _TIMES:
            if name in raw:
                # As a Chinese keyboard writes it.
                raw[name] = str(raw[name] or "").replace("：", ":")
        try:
            step = posted.step_from(self.cls, raw, self.choices)
            done = send(step, f"{self.request.user.pk}-{key}"[:60])
        except InvalidAnswer as e:
            return self.page(raw, key=key, problems=e.problems)
        except Refused as e:
            return self.page(raw, key=key, refused=e)
        except NotVisible:
            raise Http404 from None
        drafts.form_accepted(self.request)
        return done

    def page(
        self, values: dict[str, Any], *, key: str, problems: dict[str, str] | None = None,
        refused: Refused | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Show the form with these values."""
        form = step_form.StepForm(f"reception_{self.draft}", self.choices, values, problems or {}, options=self.options)
        parts = form.parts(self.cls)
        for part in parts:
            field = part["field"]
            if field["name"] in _TIMES:
                field["attrs"] |= {"inputmode": "numeric", "placeholder": "09:00"}
            if field["name"] in ("places", "people"):
                field["attrs"] |= {"min": 1}
        controls = step_form.control_names(parts)
        errors = step_form.problem_summary(problems, controls) if problems else []
        if refused:
            errors += problems_of(refused.reasons, _FIELD_OF, controls)
        context: FormContext = {
            "title": self.title,
            "hint": self.hint,
            "parts": parts,
            "errors": errors,
            "errors_title": errors_title(errors, "现在还不能办理"),
            "key": key,
            "draft": f"reception-{self.draft}",
            "submit": self.submit,
            "back": self.back,
            "day": self.day,
            "booking": self.booking,
        }
        status = 422 if errors else 200
        return render_page(self.request, "reception/form.html", context, here=NAV_ROUTE, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*PUBLISHES_RECEPTION)
def publish(request: DeskRequest) -> HttpResponse:
    """Publish a day of reception."""

    def send(step: PublishDay, key: str) -> HttpResponse:
        row = actions.publish_day(step, by=request.actor, staff=request.user, key=key)
        messages.success(request, f"已公布：{chinese_date(row.on)} {row.begins}，{row.leader.name}。")
        return redirect("reception-day", row.pk)

    page = FormPage(
        request, PublishDay, title="公布接待日", draft="day", submit="公布", back=reverse(NAV_ROUTE),
        hint="公布以后可以预约；要改期或者取消的，须写明理由并告知每一位已预约的信访人。",
    )  # fmt: skip
    return page.answer({"kind": "reception", "begins": "09:00", "ends": "11:30", "places": 6}, send)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_RECEPTION)
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """Move or cancel a day, or record that its leader was hindered.

    Raises:
        Http404: there is no such day, or it isn't this person's to change.
    """
    found = readable_day(request, pk)
    if not (may_read(request.actor, found) and (
        request.actor.has(*PUBLISHES_RECEPTION) or found.facts.leader in request.actor.codes
    )):  # fmt: skip
        raise Http404
    now = timezone.now().astimezone(SHANGHAI)

    def send(step: EndDay, key: str) -> HttpResponse:
        event = actions.end_day(pk, step, by=request.actor, staff=request.user, key=key)
        said = "已提出，等待另一人确认" if event.waits_for_another else "已办理"
        messages.success(request, f"{said}：{step.what.label}。")
        return redirect("reception-day", pk)

    booked = found.facts.placed
    page = FormPage(
        request, EndDay, title="改期、取消接待日", draft=f"end-{pk}", submit="提交",
        back=reverse("reception-day", args=[pk]), day=day_shown(found, request.actor, now),
        hint=f"已有 {booked} 项预约：由另一人确认后生效，改期的依次转到新的日期，其他的应另约，都须告知信访人。"
        if booked else "还没有预约，提交即生效。",
    )  # fmt: skip
    return page.answer({"what": DayEnd.MOVED.value}, send)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*BOOKS_RECEPTION)
def book(request: DeskRequest, pk: int) -> HttpResponse:
    """Book a place on a day, or the next in its queue."""
    found = readable_day(request, pk)
    now = timezone.now().astimezone(SHANGHAI)

    def send(step: BookPlace, key: str) -> HttpResponse:
        row = actions.book_place(pk, step, by=request.actor, staff=request.user, key=key)
        after = booking_on(row.pk, timezone.now())
        stage = after[1].facts.stage.label if after else ""
        messages.success(request, f"已登记预约：{stage}。{_ask_to_meet(request, row, key)}")
        return redirect("reception-day", pk)

    page = FormPage(
        request, BookPlace, title="预约领导接访", draft=f"book-{pk}", submit="登记预约",
        back=reverse("reception-day", args=[pk]), day=day_shown(found, request.actor, now),
        hint="任何人都可以预约，不问身份，不要求证件号码；约满的依次候补。",
    )  # fmt: skip
    start = {"asked_by": "counter", "people": 1, "number": request.GET.get("number", "")[:20]}
    return page.answer(start, send)


def _ask_to_meet(request: DeskRequest, row: Booking, key: str) -> str:
    """Take the step of the case that the petitioner asks to see a leader, where it can be taken (H11)."""
    if row.petition is None:
        return ""
    day = row.day
    step = AskToMeet(
        leader=StaffCode(day.leader.get_username()),
        reason=f"信访人预约{day.on.month}月{day.on.day}日{day.get_kind_display()}",
    )
    try:
        perform(step, row.petition.number, by=request.actor, idempotency_key=f"{key}-meet"[:60])
    except (Refused, NotVisible):
        return "此件当前不能办理“要求见厅领导”，预约照常有效。"
    return "已在原件中记录“要求见厅领导”。"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_RECEPTION)
def act(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """Record something of a booking: told, another day, given back, received, did not come.

    Raises:
        Http404: there is no such booking for this person, or nothing of this name is recorded of one.
    """
    what = ReceptionAct.get(code)
    if what not in _OF_BOOKINGS:
        raise Http404
    on, found, seen = readable_booking(request, pk)
    rule = RULES[what]
    own = rule.or_the_leader and on.facts.leader in request.actor.codes
    if not own and not request.actor.has(*rule.roles):
        raise Http404
    now = timezone.now().astimezone(SHANGHAI)

    def send(step: Any, key: str) -> HttpResponse:
        if what is ReceptionAct.TELL:
            actions.tell_booked(pk, step, by=request.actor, staff=request.user)
        elif what is ReceptionAct.CARRY:
            actions.carry_booking(pk, step, by=request.actor, staff=request.user)
        else:
            event = actions.record(pk, step, by=request.actor, staff=request.user, key=key)
            if event.waits_for_another:
                messages.success(request, f"已提出，等待另一人确认：{what.label}。")
                return redirect("reception-booking", pk)
        messages.success(request, f"已办理：{what.label}。")
        return redirect("reception-booking", pk)

    options = {}
    start: dict[str, Any] = {}
    if what is ReceptionAct.CARRY:
        days = [d for d in days_from(today(), now) if d.facts.ended is None and not d.facts.is_over(now)]
        options["day"] = [
            (str(d.row.pk), f"{chinese_date(d.row.on)} {d.row.begins}，{d.row.leader.name}，{d.row.place}")
            for d in days
        ]
    if what is ReceptionAct.RECEIVE:
        start = {"leader": on.row.leader.get_username(), "people": found.row.people}
    page = FormPage(
        request, rule.step, title=what.label, draft=f"{code}-{pk}", submit="提交",
        back=reverse("reception-booking", args=[pk]), day=day_shown(on, request.actor, now),
        booking=booking_shown(on, found, request.actor, seen, now), options=options, hint=_OF_BOOKINGS[what],
    )  # fmt: skip
    return page.answer(start, send)


_OF_BOOKINGS = {
    ReceptionAct.TELL: "记录哪一天、怎样告知了信访人新的安排。",
    ReceptionAct.CARRY: "另约的信访人在新的接待日一定有位置，不占用他人已约定的位置；另约以后请告知。",
    ReceptionAct.WITHDRAW: "位置属于预约的信访人，只有本人提出才能取消，由另一人核实后生效。",
    ReceptionAct.RECEIVE: "记录一次，登记成件或者记入原件时自动带入，不重复录入。",
    ReceptionAct.NO_SHOW: "由另一人核实后生效。未到不影响信访人的任何权利，可以随时另约。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_RECEPTION)
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    """Show what waits for another's word, and take it.

    Raises:
        Http404: nothing waits there for this person.
    """
    event = event_waiting(pk)
    now = timezone.now().astimezone(SHANGHAI)
    found = booking_on(event.booking_id, now) if event and event.booking_id else None
    on = found[0] if found else day_view(event.day_id, now) if event and event.day_id else None
    if event is None or on is None or not may_read(request.actor, on):
        raise Http404
    shown = None
    if found is not None:
        _, booking, seen = readable_booking(request, found[1].row.pk)
        shown = booking_shown(on, booking, request.actor, seen, now)
    back = (
        reverse("reception-booking", args=[event.booking_id]) if found else reverse("reception-day", args=[on.row.pk])
    )
    label = DayEnd.of(event.end).label if event.end else ReceptionAct.of(event.act).label

    said = (event.reason or event_shown(event)["text"]).rstrip("。")

    def send(word: SecondPerson, key: str) -> HttpResponse:
        row = actions.answer(pk, word, by=request.actor, staff=request.user)
        messages.success(request, f"{'已确认' if row.agree else '已记录“不同意”'}：{label}。")
        return redirect(back)

    page = FormPage(
        request, SecondPerson, title=f"确认：{label}", draft=f"answer-{pk}", submit="提交", back=back,
        day=day_shown(on, request.actor, now), booking=shown,
        hint=f"{event.by.name}提出{f'：{said}' if said else ''}。请核实后确认；不同意的写明理由。",
    )  # fmt: skip
    return page.answer({}, send)
