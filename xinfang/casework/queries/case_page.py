"""What the petition page shows, made from the case's history and rows: head, people, clocks, timeline, steps.

Everything is computed from one reading of the events; the number of queries doesn't grow with the case.
"""

from datetime import date
from typing import NotRequired, TypedDict

from xinfang.cases.access import CaseView, ViewScope
from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.matters.queries.ties import tied_with
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.dated_rules import WORKING
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.service import stopped_by_what_did_not_arrive
from xinfang.procedure.timing import ClockKind, ClockRun
from xinfang.procedure.what_is_due import what_is_due
from xinfang.procedure.words import OPEN_STATES, Conclusion, State
from xinfang.web.dates import Chip, chinese_date, dates_in_chinese, due_chip, short_date
from xinfang.web.form_types import CitedArticle
from xinfang.web.masking import masked, masked_address, masked_phone

PROVISIONAL = "暂定"


class Brief(TypedDict):
    """The case in a line; `due` and `provisional` where a clock runs."""

    state: str
    chip: Chip | None
    clock: str
    due: NotRequired[str]
    provisional: NotRequired[bool]


class PersonLine(TypedDict):
    """A petitioner, masked."""

    name: str
    role: str
    notes: str
    phone: str
    address: str


class Repeats(TypedDict):
    """The first petition of the same matter, and the later ones."""

    first: list[Petition]
    later: list[Petition]
    others: list[Petition]
    """Letters of other people about the same matter."""


class Letter(TypedDict):
    """The letter that this case was split off, or the parts that were split off it; `told` is how far that is told."""

    letter: list[Petition]
    parts: list[Petition]
    told: str


class RequestLine(TypedDict):
    """A request with its conclusion."""

    number: int
    text: str
    kind: str
    conclusion: str
    finding: str
    basis: str
    changed: str
    carried_out: str


class ReviewedView(TypedDict):
    """The opinion that this department reviews, and how far that is."""

    opinion: str
    got_on: str
    decided: str
    reason: str
    reviewers: str
    barred: str
    result: str
    term: str


class DutyView(TypedDict):
    """The law under which this department performs a matter in its own power, and the remedy that it gives."""

    law: str
    started: str
    term: str
    remedy: str


class Advice(TypedDict):
    """A draft that was sent to a legal adviser, and the answer."""

    adviser: str
    question: str
    draft: str
    sent_on: str
    text: str
    given_on: str


class DerivedDay(TypedDict):
    """A day from which a due date follows, and why."""

    date: str
    text: str
    chip: str


class ClockLine(Chip):
    """A clock, running or stopped."""

    label: str
    due: str
    provisional: bool
    derivation: list[DerivedDay]
    cites: list[CitedArticle]


class Clocks(TypedDict):
    """The clocks of a case."""

    running: list[ClockLine]
    stopped: list[ClockLine]


def case_summary(petition: Petition, facts: Facts, today: date, calendar: Calendar) -> Brief:
    """Return the case in one row: its state and the clock that ends first."""
    found: Brief = {"state": petition.get_state_display(), "chip": None, "clock": ""}
    if run := what_is_due(facts, calendar).first:
        found["clock"] = run.clock.label
        found["chip"] = due_chip(run.due.due, today, working=calendar if run.clock.unit == WORKING else None)
        found["due"] = short_date(run.due.due)
        found["provisional"] = run.due.provisional
    return found


# ---- people


def masked_people(petition: Petition, facts: Facts, *, callable_now: bool = False) -> list[PersonLine]:
    """Return the petitioners, masked (PIPL 51): names and telephones in plain only for who is about to call them.

    Places are shown whole nowhere on this page.
    """
    rows: list[PersonLine] = []
    for p in petition.petitioners.all():
        notes = [
            p.get_kind_display(),
            *(["外国人或境外组织"] if p.foreign else []),
            *([p.language] if p.language else []),
            *(["已故（终止）"] if p.place in facts.deceased else []),
            *(["已撤回"] if p.place in facts.gone else []),
        ]
        rows.append(
            {
                "name": p.full_name if callable_now else masked(p.full_name, p.kind),
                "role": p.get_role_display(),
                "notes": "，".join([*notes, *(["需要翻译"] if p.translate else [])]),
                "phone": p.phone if callable_now else masked_phone(p.phone),
                "address": masked_address(p.address),
            }
        )
    return rows


def tied_to(petition: Petition) -> set[int]:
    """Return the keys of the petitions that are tied to this one as repeats, the first among them (1 query)."""
    tied = set(Petition.objects.filter(repeat_of=petition).values_list("pk", flat=True))
    return tied | ({petition.repeat_of_id} if petition.repeat_of_id else set())


def repeat_rows(petition: Petition, actor: Actor) -> Repeats:
    """Return the first petition, the later ones and those of others about the matter, as far as this person sees them.

    2 queries, 3 where there are any.
    """
    tied, others = tied_to(petition), tied_with(petition.pk)
    rows: list[Petition] = []
    if tied or others:
        seen = visible_to(actor, each=True).filter(pk__in=tied | others)
        shown = ("number", "subject", "state", "received_on", "repeat_of_id", "sealed")
        rows += seen.only(*shown).order_by("received_on", "id")
    return {
        "first": [p for p in rows if p.pk == petition.repeat_of_id],
        "later": [p for p in rows if p.pk in tied and p.pk != petition.repeat_of_id],
        "others": [p for p in rows if p.pk in others - tied and not p.sealed],
    }


def letter_rows(facts: Facts, actor: Actor) -> Letter:
    """Return the other cases of the same letter, as far as this person sees them (1 query where there are any).

    The letter has ended when each of its parts has.
    """
    tied = [number for number in (facts.part_of, *(p.number for p in facts.parts)) if number]
    if not tied:
        return {"letter": [], "parts": [], "told": ""}
    rows = visible_to(actor, each=True).filter(number__in=tied).only("number", "subject", "state").order_by("number")
    parts = [p for p in rows if p.number != facts.part_of]
    return {
        "letter": [p for p in rows if p.number == facts.part_of],
        "parts": parts,
        "told": _how_far_the_letter_is(facts, parts) if facts.parts else "",
    }


def _how_far_the_letter_is(facts: Facts, seen: list[Petition]) -> str:
    states = (facts.state, *(State.of(p.state) for p in seen))
    open_ones, hidden = sum(s in OPEN_STATES for s in states), len(facts.parts) - len(seen)
    return "".join(
        (
            f"各件中还有 {open_ones} 件没有办结。" if open_ones else "" if hidden else "各件都已办结。",
            f"另有 {hidden} 件您无权查看。" if hidden else "",
            f"{chinese_date(facts.parts_told_on)}告知分件去向。" if facts.parts_told_on else "尚未告知分件去向。",
        )
    )


def request_rows(facts: Facts) -> list[RequestLine]:
    """Return what is asked, each with its own conclusion."""
    kinds = {Conclusion.SUPPORT: "ok", Conclusion.EXPLAIN: "plain", Conclusion.REFUSE: "hold"}
    return [
        {
            "number": r.number,
            "text": r.text,
            "kind": kinds[r.conclusion] if r.conclusion else "",
            "conclusion": r.conclusion.label if r.conclusion else "",
            "finding": r.finding,
            "basis": r.basis,
            "changed": r.changed,
            "carried_out": r.carried_out,
        }
        for r in facts.requests
    ]


def advice_view(case: CaseView, directory: Directory) -> Advice | None:
    """Return the draft that was sent to a legal adviser and what they said of it; None where there is none to be read.

    The adviser is given only what was sent to them.
    """
    facts = case.facts
    sent = [h for h in facts.history if h.code == StepCode.SEEK_LEGAL_ADVICE]
    # An internal paper: neither reception nor the archive room reads it here.
    if not sent or not (case.scope is ViewScope.ADVICE or case.may_read_advice):
        return None
    last = sent[-1]
    given = next((h for h in facts.history if h.code == StepCode.GIVE_LEGAL_ADVICE and h.seq > last.seq), None)
    return {
        "adviser": directory.staff_name(last.step.adviser),
        "question": last.step.question,
        "draft": last.step.draft,
        "sent_on": chinese_date(last.happened_on),
        "text": given.step.text if given else "",
        "given_on": chinese_date(given.happened_on) if given else "",
    }


def reviewed_view(facts: Facts, directory: Directory) -> ReviewedView | None:
    """Return what this department reviews, on the page of the request; None for every other case."""
    opinion, taken = facts.review_of, facts.last(StepCode.TAKE_AS_REVIEW)
    if opinion is None or taken is None:
        return None
    return {
        "opinion": f"{opinion.body}　{opinion.number}",
        "got_on": chinese_date(opinion.got_on),
        "decided": taken.step.decided,
        "reason": taken.step.reason,
        "reviewers": "、".join(directory.staff_name(code) for code in opinion.reviewers),
        "barred": "、".join(directory.staff_name(code) for code in sorted(opinion.barred)),
        "result": opinion.result.label if opinion.result else "",
        "term": chinese_date(opinion.term),
    }


def duty_view(facts: Facts) -> DutyView | None:
    """Return under which law this department performs the matter, and what remedy there is; None for other cases."""
    if not facts.own_power:
        return None
    taken, drafted = facts.last(StepCode.ACCEPT_DUTY), facts.last(StepCode.DRAFT_DUTY_REPLY)
    remedy = ""
    if drafted:
        s = drafted.step
        remedy = s.other_remedy or f"行政复议：{s.reconsideration_body}；行政诉讼：{s.court}"
    return {
        "law": taken.step.law if taken else "",
        "started": taken.step.procedure if taken else "",
        "term": facts.duty_term.source if facts.duty_term else "",
        "remedy": remedy,
    }


# ---- clocks


def clock_rows(facts: Facts, calendar: Calendar, today: date) -> Clocks:
    """Return running clocks, those due first in front; then those that have stopped."""
    due = what_is_due(facts, calendar)
    return {
        "running": [_clock(r, facts, calendar, today) for r in due.running],
        "stopped": [_clock(r, facts, calendar, today) for r in due.stopped],
    }


def _clock(run: ClockRun, facts: Facts, calendar: Calendar, today: date) -> ClockLine:
    working = calendar if run.clock.unit == WORKING else None
    right, whose = run.clock.kind is ClockKind.RIGHT, run.clock.whose
    late = ((run.stopped_on or today) - run.due.due).days if run.overdue(today) else 0
    if whose and late > 0:
        # Another body's delay is said as what it is, and is no alarm of the department.
        chip: Chip = {"kind": "plain", "text": f"{whose}逾期 {late} 天"}
    elif run.fell_away and not right:
        # Nothing was done of what was owed: neither in time nor late (figures count it apart as well).
        chip = {"kind": "plain", "text": f"超期 {late} 天后终止" if late else "已终止"}
    elif run.stopped_on:
        chip = (
            {"kind": "late", "text": f"超期 {late} 天完成"}
            if late > 0 and not right
            else {"kind": "ok", "text": "已停止"}
        )
        if stopped_by_what_did_not_arrive(run.stopped_by, facts):
            chip = {"kind": "soon", "text": f"{chip['text']}，文书没有送达"}
    elif right and run.overdue(today):
        chip = {"kind": "plain", "text": "期限已过"}
    else:
        chip = due_chip(run.due.due, today, working=working)
        if right or whose:
            # The petitioner's own time, or another body's, is no alarm of the department.
            chip = {**chip, "kind": "plain"}
    return {
        "label": f"{run.clock.label}（信访人的权利）" if right else run.clock.label,
        "kind": chip["kind"],
        "text": chip["text"],
        "due": short_date(run.due.due, today.year),
        "provisional": run.due.provisional and run.stopped_on is None,
        "derivation": [
            {
                "date": short_date(d.day, today.year),
                "text": dates_in_chinese(d.why),
                "chip": "hold" if d.why.startswith(PROVISIONAL) else "",
            }
            for d in run.due.derivation
        ],
        "cites": [{"id": a.id, "label": str(a), "says": a.says} for a in run.cites],
    }
