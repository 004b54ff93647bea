"""What waits to be registered: in groups of one text, as the clerk looks through it; one of them, for its sender."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from xinfang.calendars.queries import calendar
from xinfang.core.clock import today
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.timing import ClockRun
from xinfang.procedure.waiting_submissions import ClearedLot, may_agree, may_clear, notice_owed
from xinfang.vault.sm_ciphers import VaultError
from xinfang.window.models import AskedAgain, Clearing, WaitingSubmission
from xinfang.window.waiting_content import asked_again_words, content_of

PAGE_SIZE = 100
State = WaitingSubmission.State


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Submissions with the same text. `first` and `last` are keys of rows: they name the group as it was shown."""

    first: int
    last: int
    count: int
    came_first: datetime
    came_last: datetime
    due: ClockRun
    subject: str
    body: str
    files: int
    networks: int
    again: str
    """Why the petitioner asks that it be looked at again; empty where none does."""

    @property
    def code(self) -> str:
        """How a form names it."""
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of groups, those first of which there is only one; and how many wait in all."""

    groups: list[WaitingGroup]
    count: int
    shown: int


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot that was put forward as no petition."""

    pk: int
    count: int
    reason: str
    by: str
    own: bool
    at: datetime
    subjects: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many wait, and the fifteen days of the first; `lots` wait for this person's word."""

    count: int
    first: ClockRun | None
    lots: int


@dataclass(frozen=True, slots=True)
class OwnWaiting:
    """A submission without a case, as its sender sees it."""

    number: str
    received_on: date
    owed: ClockRun
    state: str
    reason: str
    decided_on: date | None
    may_ask_again: bool
    has_contact: bool
    subject: str
    persons: list[dict[str, Any]]
    word: str


def waiting_groups(*, report: bool, like: int = 0) -> Waiting:
    """Return what waits, by text; with `like`, only what came from the same network as that row (4 queries)."""
    rows = WaitingSubmission.objects.filter(state=State.WAITING, report=report)
    if like:
        network = WaitingSubmission.objects.filter(pk=like).values_list("network_mark", flat=True).first()
        rows = rows.filter(network_mark=network) if network else rows.none()
    found = list(
        rows.order_by().values("text_mark")
        .annotate(
            first=Min("pk"), last=Max("pk"), count=Count("pk"), came_first=Min("at"), came_last=Max("at"),
            networks=Count("network_mark", distinct=True), received=Min("received_on"), asked=Max("asked_again"),
        )
        .order_by("count", "came_first")
    )  # fmt: skip
    # What a petitioner asks to be looked at again comes first, then what came once: a person, most likely.
    found.sort(key=lambda g: (g["asked"] is None, g["count"], g["came_first"]))
    shown = found[:PAGE_SIZE]
    asked = [g["asked"] for g in shown if g["asked"]]
    words = {a.pk: a for a in AskedAgain.objects.filter(pk__in=asked).select_related("submission")}
    samples = WaitingSubmission.objects.annotate(number_of_files=Count("files")).in_bulk([g["first"] for g in shown])
    the_calendar = calendar()
    groups = []
    for g in shown:
        subject, body = _read(samples[g["first"]])
        groups.append(
            WaitingGroup(
                g["first"], g["last"], g["count"], g["came_first"], g["came_last"],
                notice_owed(g["received"], the_calendar), subject, body,
                samples[g["first"]].number_of_files, g["networks"],
                _again(words[g["asked"]]) if g["asked"] else "",
            )
        )  # fmt: skip
    return Waiting(groups, sum(g["count"] for g in found), sum(g["count"] for g in shown))


def members(codes: Collection[str], *, report: bool, like: int = 0) -> list[int]:
    """Return the keys of what waits in these groups, and no more than was in them when they were shown."""
    found: set[int] = set()
    for code in codes:
        first, _, last = code.partition("-")
        if not (first.isdigit() and last.isdigit() and len(code) < 40):
            continue
        sample = WaitingSubmission.objects.filter(pk=int(first), report=report).first()
        if sample is None:
            continue
        rows = WaitingSubmission.objects.filter(
            state=State.WAITING, report=report, text_mark=sample.text_mark, pk__lte=int(last)
        )
        if like:
            rows = rows.filter(network_mark=sample.network_mark)
        found.update(rows.values_list("pk", flat=True))
    return sorted(found)


def _read(row: WaitingSubmission) -> tuple[str, str]:
    try:
        content = content_of(row)
    except VaultError:
        content = None
    if content is None:
        return "（内容无法读取）", ""
    answers = content.submission.answers
    return str(answers.get("subject", "")), str(answers.get("body", ""))


def _again(asked: AskedAgain) -> str:
    try:
        return asked_again_words(asked) or "（没有写理由）"
    except VaultError:
        return "（内容无法读取）"


def waiting_count(actor: Actor) -> WaitingCount:
    """Return how many wait for this person, and how many lots for their word (1 or 2 queries; none for most)."""
    reports = [r for r in (False, True) if may_clear(actor, report=r)]
    agrees = [r for r in (False, True) if may_agree(actor, report=r)]
    if not reports and not agrees:
        return WaitingCount(0, None, 0)
    waits, put_forward = Q(state=State.WAITING, report__in=reports), Q(state=State.PROPOSED, report__in=agrees)
    rows = WaitingSubmission.objects.filter(state__in=(State.WAITING, State.PROPOSED))
    found = rows.aggregate(
        count=Count("pk", filter=waits), first=Min("received_on", filter=waits), lots=Count("pk", filter=put_forward)
    )
    first = notice_owed(found["first"], calendar()) if found["count"] else None
    lots = Clearing.objects.filter(kind=Clearing.Kind.SET_ASIDE, answer=None, report__in=agrees)
    return WaitingCount(
        found["count"], first, lots.exclude(by__username__in=actor.codes).count() if found["lots"] else 0
    )


def overdue_count(day: date) -> int:
    """Return how many wait whose fifteen days are over (1 query a day of receipt)."""
    rows = WaitingSubmission.objects.filter(state__in=(State.WAITING, State.PROPOSED))
    days = rows.order_by().values_list("received_on").annotate(number=Count("pk"))
    return sum(number for received, number in days if notice_owed(received, calendar()).overdue(day))


def lot_of(clearing: Clearing) -> ClearedLot:
    """Return a lot as the rules know it (2 queries)."""
    pks = list(clearing.members.values_list("submission_id", flat=True))
    return ClearedLot(StaffCode(clearing.by.get_username()), clearing.report, decided_before(pks))


def decided_before(pks: Collection[int]) -> frozenset[StaffCode]:
    """Return who decided, of these, on those that were set aside once and are looked at again (1 query)."""
    decided = Clearing.objects.filter(
        kind=Clearing.Kind.SET_ASIDE, answer__agree=True,
        members__submission__in=AskedAgain.objects.filter(submission__in=pks).values("submission"),
    )  # fmt: skip
    names = {name for row in decided.values_list("by__username", "answer__by__username") for name in row}
    return frozenset(StaffCode(name) for name in names)


def open_lots(actor: Actor) -> list[Lot]:
    """Return the lots that this person may answer, or put forward themselves (3 queries a lot)."""
    found = []
    lots = Clearing.objects.filter(kind=Clearing.Kind.SET_ASIDE, answer=None).select_related("by")
    for clearing in lots:
        own = clearing.by.get_username() in actor.codes
        if not (may_agree(actor, report=clearing.report) or (own and may_clear(actor, report=clearing.report))):
            continue
        rows = WaitingSubmission.objects.filter(memberships__clearing=clearing).order_by()
        texts = list(rows.values("text_mark").annotate(first=Min("pk"), number=Count("pk")).order_by("number"))
        samples = WaitingSubmission.objects.in_bulk([t["first"] for t in texts[:PAGE_SIZE]])
        subjects = [(_read(samples[t["first"]])[0], t["number"]) for t in texts[:PAGE_SIZE]]
        count = sum(t["number"] for t in texts)
        found.append(Lot(clearing.pk, count, clearing.reason, clearing.by.name, own, clearing.at, subjects))
    return found


def number_now(number: str) -> str:
    """Return the number by which a submission is known now: its case's once it has one; empty where there is none."""
    row = WaitingSubmission.objects.filter(number=number).values_list("number", "petition__number").first()
    return str(row[1] or row[0]) if row else ""


def own_waiting(number: str) -> OwnWaiting | None:
    """Return a submission without a case as its sender sees it (3 queries); None where there is none.

    Raises:
        VaultError: it can't be read.
    """
    row = WaitingSubmission.objects.filter(number=number, petition=None).first()
    content = content_of(row) if row is not None else None
    if row is None or content is None:
        return None
    aside = row.state == State.SET_ASIDE
    lot = Clearing.objects.filter(members__submission=row, answer__agree=True).select_related("answer").last()
    asked = AskedAgain.objects.filter(submission=row).exists()
    registration = content.submission.registration()
    return OwnWaiting(
        number=row.number,
        received_on=row.received_on,
        owed=notice_owed(row.received_on, calendar()),
        # That somebody proposes something isn't yet decided.
        state=str(State.SET_ASIDE if aside else State.WAITING),
        reason=lot.reason if aside and lot else "",
        decided_on=today(lot.answer.at) if aside and lot else None,
        may_ask_again=aside and not asked,
        has_contact=not registration.anonymous and any(p.name for p in registration.persons),
        subject=registration.subject,
        persons=list(content.submission.answers.get("persons", [])),
        word=content.submission.word,
    )
