"""The messages: lists of them, one of them with what was read, and what a registration of it begins with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q

from xinfang.calendars.queries import calendar
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.mailbox.models import IncomingMail, MailProposal
from xinfang.mailbox.reading import ReadMail, opened_reading
from xinfang.procedure.facts import Actor
from xinfang.procedure.timing import ClockRun
from xinfang.procedure.visibility import REGISTERS_CASES
from xinfang.procedure.waiting_submissions import may_clear, notice_owed
from xinfang.procedure.words import Channel, Source
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.forms import posted_key

PAGE_SIZE = 50
MAX_SUBJECT_CHARACTERS = 120
State = IncomingMail.State
OPEN = (State.WAITING, State.PROPOSED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a message was put forward as no letter; `by` is empty where the system did."""

    reason: str
    by: str
    own: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MailView:
    """A message as the clerk sees it. `read` is None where it can't be read, or was erased."""

    pk: int
    came_at: datetime
    received_on: date
    size: int
    whole: bool
    state: str
    read: ReadMail | None
    due: ClockRun
    proposal: Proposal | None
    number: str
    """Of its case, where this person may see that."""

    @property
    def is_open(self) -> bool:
        """Whether nothing was decided on it yet."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class MailCount:
    """How many wait to be registered and for a decision, and the fifteen days of the first."""

    waiting: int
    proposed: int
    first: ClockRun | None


def mails(actor: Actor, state: str) -> list[MailView]:
    """Return the messages in this state that are shown first: the oldest of those that wait, else the newest (3)."""
    rows = IncomingMail.objects.filter(state=state).select_related("petition")
    rows = rows.order_by("came_at", "pk") if state in OPEN else rows.order_by("-came_at", "-pk")
    return _views(list(rows[:PAGE_SIZE]), actor)


def find_mail(pk: int, actor: Actor) -> MailView | None:
    """Return one message (3 queries); None where there is none.

    Of one that belongs to a case that this person doesn't see, nothing is shown but that it came.
    """
    return next(iter(_views(list(IncomingMail.objects.select_related("petition").filter(pk=pk)), actor)), None)


def raw_mail(pk: int) -> IncomingMail | None:
    """Return the row of a message, for its content (1 query)."""
    return IncomingMail.objects.filter(pk=pk).first()


def counts() -> dict[str, int]:
    """Return how many messages there are in each state (1 query)."""
    found = IncomingMail.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return {state.value: 0 for state in State} | dict(found)


def mail_count(actor: Actor) -> MailCount:
    """Return how many wait for this person (1 query; none for most)."""
    if not may_clear(actor, report=False):
        return MailCount(0, 0, None)
    found = IncomingMail.objects.filter(state__in=OPEN).aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        proposed=Count("pk", filter=Q(state=State.PROPOSED)),
        first=Min("received_on"),
    )
    first = notice_owed(found["first"], calendar()) if found["first"] else None
    return MailCount(found["waiting"], found["proposed"], first)


def mail_to_register(sent: str, actor: Actor) -> MailView | None:
    """Return the message that an address or a form names, if it waits and this person may register it."""
    key = posted_key(sent)
    found = find_mail(key, actor) if key and actor.has(*REGISTERS_CASES) else None
    return found if found is not None and found.is_open else None


def registration_answers(mail: MailView) -> dict[str, Any]:
    """Return what the registration of a message begins with; every answer but the day can be changed."""
    read = mail.read
    return {
        "channel": Channel.ONLINE.value,
        "source": Source.DIRECT.value,
        "received_on": mail.received_on,
        "subject": read.subject[:MAX_SUBJECT_CHARACTERS] if read else "",
        "body": read.text if read else "",
        "persons": [{"name": read.sender_name if read else ""}],
    }


def _views(rows: list[IncomingMail], actor: Actor) -> list[MailView]:
    cases = [row.petition_id for row in rows if row.petition_id]
    seen = set(visible_to(actor, each=True).filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    open_ones = [row.pk for row in rows if row.state == State.PROPOSED]
    proposals = {
        p.mail_id: Proposal(
            p.reason, p.by.name if p.by else "", bool(p.by and p.by.get_username() in actor.codes), p.at
        )
        for p in MailProposal.objects.filter(mail__in=open_ones, answer=None).select_related("by")
    }
    the_calendar = calendar()
    views = []
    for row in rows:
        hidden = row.petition_id is not None and row.petition_id not in seen
        number = row.petition.number if row.petition is not None and not hidden else ""
        views.append(
            MailView(
                row.pk, row.came_at, row.received_on, row.size, row.whole, row.state, None if hidden else _read(row),
                notice_owed(row.received_on, the_calendar), proposals.get(row.pk), number,
            )
        )  # fmt: skip
    return views


def _read(row: IncomingMail) -> ReadMail | None:
    try:
        key = row.key()
        return opened_reading(key, bytes(row.sealed)) if key is not None else None
    except VaultError:
        return None
