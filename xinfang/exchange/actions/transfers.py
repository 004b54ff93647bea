"""The exchange at work: sending what waits, taking in receipts and matters handed down, reconciling.

Exactly once in effect: a message keeps its key and its bytes over every try, the other side takes a key once, and a
receipt that comes twice, late or out of order changes nothing the second time. One worker at a time holds the lock
file; what a killed one was sending goes back into the queue when the next one starts.
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import directory
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Deadline, Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.background import sole_process
from xinfang.core.clock import today
from xinfang.exchange import case_record
from xinfang.exchange.codes import word_for_code
from xinfang.exchange.http_region import HttpRegion
from xinfang.exchange.models import ExchangeMark, Incoming, Outgoing
from xinfang.exchange.projections import may_be_sent
from xinfang.exchange.protocol import (
    ExchangeMessage,
    ExchangeReceipt,
    HandedDownMatter,
    InvalidExchangeData,
    Region,
    RegionEntry,
    RegionRefusesUs,
    RegionUnavailable,
    message_bytes,
    tidy_region_text,
)
from xinfang.exchange.queries import Kind, State, waiting_for
from xinfang.exchange.reconciliation import LocalMessage, Reconciliation, reconcile_lists
from xinfang.procedure.facts import SYSTEM, Actor, Facts
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer, load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.intake import EnterRegional, Register
from xinfang.procedure.words import AccessKind, Purpose, Source
from xinfang.trusted_time import queries as trusted_time
from xinfang.vault.sm_ciphers import VaultError, sm3

DONE_STATES = (State.ACCEPTED, State.BY_HAND, State.WITHHELD)
MAX_TRIES = 14
"""After this many the office has to look: with pauses of 2, 4, 8 … 512 minutes that is two days."""
_MAX_PAUSE_DOUBLINGS = 9
_ENOUGH_IN_A_ROW = 10
"""Failures one after the other: then the connection is down, and the run ends instead of trying every message."""
MAX_PACKAGED_MESSAGES = 500
UNREADABLE = "此件的个人信息无法解密，没有发送。请告诉系统管理员核对密钥。"
MAX_SUBJECT_CHARACTERS = 120
_log = structlog.get_logger(__name__)


@dataclass
class ExchangeReport:
    """What one run did. `trouble` is the last failure in words, empty where there was none."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    dead: int = 0
    receipts: int = 0
    registered: int = 0
    left: int = 0
    trouble: str = ""


def http_region() -> HttpRegion | None:
    """Return the way over HTTP as it is set, None where no address is."""
    return HttpRegion(settings.REGION_URL, settings.REGION_TOKEN) if settings.REGION_URL else None


# ---- one worker


def sole_sender_lock() -> AbstractContextManager[bool]:
    """Return a context that says whether this process is now the only one that sends."""
    return sole_process("exchange.lock")


def run_exchange(
    region: Region, *, now: Callable[[], datetime] = timezone.now, stop: threading.Event | None = None
) -> ExchangeReport:
    """Do everything that is due, once: receipts, messages, matters handed down; nothing while the clock isn't believed.

    Call it as the only worker.
    """
    ran = ExchangeReport()
    if doubt := trusted_time.clock_doubt(now()):
        # A receipt or a matter handed down would be entered in a case under a date that isn't believed.
        ran.trouble = doubt.sentence.rstrip("。")
        _log.error("clock_not_believed", shows=doubt.now.isoformat(), known=doubt.known.isoformat())
        return ran
    # Nobody else sends: a process that did was killed before it had the answer. The same key and bytes go again.
    Outgoing.objects.filter(state=State.SENDING).update(state=State.WAITING)
    for part in (_take_receipts, _send_all, _take_handed_down):
        if stop is not None and stop.is_set():
            break
        try:
            part(region, ran, now, stop)
        except (RegionUnavailable, RegionRefusesUs) as e:
            ran.trouble = tidy_region_text(e)
            _log.warning("exchange_unavailable", part=part.__name__, kind=type(e).__name__)
            if isinstance(e, RegionRefusesUs):
                break
    _remember("run", asdict(ran), now())
    if ran != ExchangeReport():
        _log.info("exchange_done", **{k: v for k, v in asdict(ran).items() if k != "trouble"})
    return ran


def _remember(name: str, data: dict[str, Any], now: datetime) -> None:
    ExchangeMark.objects.update_or_create(pk=name, defaults={"at": now, "data": data})


# ---- out


def _send_all(region: Region, ran: ExchangeReport, now: Callable[[], datetime], stop: threading.Event | None) -> None:
    in_a_row = 0
    while (stop is None or not stop.is_set()) and in_a_row < _ENOUGH_IN_A_ROW:
        found = claim_message(now())
        if found is None:
            return
        row, message = found
        try:
            receipt = region.send(message)
        except RegionRefusesUs:
            # No fault of this message: it goes back as it was.
            Outgoing.objects.filter(pk=row.pk).update(state=State.WAITING, tries=row.tries - 1)
            raise
        except RegionUnavailable as e:
            in_a_row += 1
            ran.failed += 1
            ran.trouble = tidy_region_text(e)
            ran.dead += _later(row, tidy_region_text(e), now())
            continue
        in_a_row = 0
        ran.sent += 1
        settle_receipt(receipt, now(), ran)


def claim_message(now: datetime) -> tuple[Outgoing, ExchangeMessage] | None:
    """Return the next message that may go, marked as on its way; of one case always in order.

    None where nothing is due.
    """
    while True:
        earlier = Outgoing.objects.filter(petition=OuterRef("petition"), pk__lt=OuterRef("pk")).exclude(
            state__in=DONE_STATES
        )
        # Further off than the longest pause is only what was put off while the clock was ahead.
        is_time = Q(next_try__lte=now) | Q(next_try__gt=now + timedelta(minutes=2 ** (_MAX_PAUSE_DOUBLINGS + 1)))
        due = Outgoing.objects.filter(is_time, state=State.WAITING)
        found = due.filter(~Exists(earlier)).order_by("id").values_list("pk", "petition_id").first()
        if found is None:
            return None
        try:
            with transaction.atomic():
                taken = _take(*found, to=State.SENDING)
        except VaultError as e:
            _set_aside(found[0], e)
            continue
        if taken is not None:
            return taken


def _set_aside(pk: int, error: Exception) -> None:
    """Set aside the message of a case that can't be opened, so that it doesn't hold up the others.

    Somebody of the office looks at it.
    """
    _log.error("exchange_unreadable", message=pk, kind=type(error).__name__)
    Outgoing.objects.filter(pk=pk).update(state=State.DEAD, reason=UNREADABLE)


def _take(pk: int, petition_id: int, *, to: Outgoing.State) -> tuple[Outgoing, ExchangeMessage] | None:
    """Return one waiting message with its content, in the new state; None if it may not be sent (any more).

    In a transaction.
    """
    # The case first, as in every step: who enters it by hand at this moment waits, or was faster.
    petition = Petition.objects.select_for_update().get(pk=petition_id)
    row = Outgoing.objects.select_for_update().filter(pk=pk, state=State.WAITING).first()
    if row is None:
        return None
    row.petition = petition
    facts = facts_of(petition)
    if not may_be_sent(facts):
        row.state, row.content_sealed = State.WITHHELD, None
        row.save(update_fields=["state", "content_sealed"])
        return None
    if row.kind == Kind.ENTRY and facts.last(StepCode.ENTER_REGIONAL) is not None:
        # It is entered there already, whatever the row says: a second entry would be another matter.
        row.state, row.content_sealed = State.BY_HAND, None
        row.save(update_fields=["state", "content_sealed"])
        return None
    if row.content_sealed is None:
        try:
            content = message_bytes(row.key, row.kind, case_record.checked_content(compose_message(row, facts)))
        except case_record.ForbiddenContent as e:
            row.state, row.reason = State.REFUSED, str(e)
            row.save(update_fields=["state", "reason"])
            return None
        row.keep_content(content)
        row.digest = ExchangeMessage(row.key, content).digest
        if row.kind == Kind.ENTRY:
            log_access(petition, None, AccessKind.EXPORT, "报送自治区信访信息系统（条例第二十一条）")
    row.state = to
    row.tries += 1
    row.save(update_fields=["state", "tries", "content_sealed", "digest"])
    return row, ExchangeMessage(row.key, row.content())


def compose_message(row: Outgoing, facts: Facts) -> dict[str, Any]:
    """Return what a message says, from the case as it is now."""
    petition = row.petition
    limit = (
        Deadline.objects.filter(petition=petition, clock__in=("handling", "own_duty"), stopped_on=None)
        .order_by("due")
        .first()
    )
    case = case_record.RecordSource(petition, facts, department_as_sender(), limit.due if limit else None)
    head = {"number": petition.number, "external_number": petition.external_number or facts.sender_number}
    if row.kind == Kind.ENTRY:
        return {**head, "record": case_record.case_record(case), "persons": case_record.person_records(petition)}
    happening = next(h for h in facts.history if h.seq == row.seq)
    step = happening.step
    if row.kind == Kind.OBJECTION:
        said = {"reason": step.reason, "right_body": step.right_body, "on": happening.happened_on.isoformat()}
        return {**head, "objection": said}
    if row.kind == Kind.REPORT:
        said = {"completion": step.completion, "text": step.text, "on": happening.happened_on.isoformat()}
        return {**head, "report": said}
    unit = directory().unit_name(facts.handling_unit) if facts.handling_unit else ""
    return {**head, "step": case_record.step_record(case, happening, STEPS[happening.code].rule.label, unit)}


def department_as_sender() -> case_record.RecordSender:
    """Return the department as the region knows it."""
    return case_record.RecordSender(settings.DEPARTMENT, settings.REGION_CODE, settings.REGION_DEPARTMENT)


def _later(row: Outgoing, why: str, now: datetime) -> int:
    """Try again after a growing pause, or let the office look; returns how many became dead letters."""
    dead = row.tries >= MAX_TRIES
    pause = timedelta(minutes=2 ** min(row.tries, _MAX_PAUSE_DOUBLINGS))
    Outgoing.objects.filter(pk=row.pk, state=State.SENDING).update(
        state=State.DEAD if dead else State.WAITING, next_try=now + pause, reason=why
    )
    return int(dead)


# ---- receipts


def _take_receipts(
    region: Region, ran: ExchangeReport, now: Callable[[], datetime], stop: threading.Event | None, pages: int = 1000
) -> None:
    mark = ExchangeMark.objects.filter(pk="receipts").first()
    after = str(mark.data.get("after", "")) if mark else ""
    for _ in range(pages):
        found, following = region.receipts(after)
        for receipt in found:
            settle_receipt(receipt, now(), ran)
        ran.receipts += len(found)
        if not following or following == after:
            return
        after = following
        _remember("receipts", {"after": after}, now())


def settle_receipt(receipt: ExchangeReceipt, now: datetime, ran: ExchangeReport | None = None) -> bool:
    """Keep what the region said of a message, and tell whether that changed anything.

    The second time, and of unknown keys, it doesn't.
    """
    found = Outgoing.objects.filter(key=receipt.key).values_list("petition_id", "state").first()
    # What is done stays done, so a repeated receipt costs one look.
    return (
        found is not None and found[1] not in DONE_STATES and _settle(receipt, found[0], now, ran or ExchangeReport())
    )


@transaction.atomic
def _settle(receipt: ExchangeReceipt, petition_id: int, now: datetime, ran: ExchangeReport) -> bool:
    petition = Petition.objects.select_for_update().get(pk=petition_id)
    row = Outgoing.objects.select_for_update().get(key=receipt.key)
    if row.state in DONE_STATES or (row.state == State.REFUSED and not receipt.accepted):
        return False
    if not receipt.final:
        return bool(Outgoing.objects.filter(pk=row.pk, state=State.SENDING).update(state=State.SENT))
    row.answered_at, row.content_sealed = now, None
    row.state = State.ACCEPTED if receipt.accepted else State.REFUSED
    row.external_number, row.reason = receipt.number, receipt.refused[:300]
    row.save(update_fields=["answered_at", "content_sealed", "state", "external_number", "reason"])
    ran.accepted += receipt.accepted
    ran.refused += not receipt.accepted
    if receipt.accepted and row.kind == Kind.ENTRY and petition.external_number != receipt.number:
        step = EnterRegional(external_number=receipt.number, entered_on=today(now))
        perform(step, petition.number, by=SYSTEM, idempotency_key=f"exchange:{row.key}", now=now)
    return True


# ---- handed down


def _take_handed_down(
    region: Region, ran: ExchangeReport, now: Callable[[], datetime], stop: threading.Event | None
) -> None:
    for matter in list(region.handed_down()):
        if isinstance(matter, InvalidExchangeData):
            ran.left += 1
            ran.trouble = f"有一件转来件不能识别：{tidy_region_text(matter)}"
            continue
        row = register_handed_down(matter, now(), ran)
        if row.petition is not None:
            region.confirm(matter.number, row.petition.number)
            Incoming.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=now())


def register_handed_down(matter: HandedDownMatter, now: datetime, ran: ExchangeReport | None = None) -> Incoming:
    """Register a matter that was handed down, with the sender's number and date.

    The second time it is only found again. One that can't be registered is kept among those left, with the reasons.

    Raises:
        AdminChangeRefused: only inside, where it is caught; it says why a report of wrongdoing isn't taken this way.
    """
    ran = ran or ExchangeReport()
    row, _ = Incoming.objects.get_or_create(
        number=matter.number, defaults={"state": Incoming.State.LEFT, "first_seen": now}
    )
    if row.petition_id is not None:
        return row
    try:
        if word_for_code("purpose", matter.purpose) == Purpose.REPORT:
            # It would be open to the whole office until somebody classifies it.
            raise AdminChangeRefused(
                "检举控告件不经接口接收，请检举控告专管员到自治区系统签收（条例第二十二条、第三十条）。"
            )
        with transaction.atomic():
            # The day of receipt is the day on which it first was there for us, however long it took to register.
            step = load_step(Register, _answers(matter, row.first_seen))
            digest = sm3(matter.number.encode()).hex()[:40]
            done = perform(step, None, by=SYSTEM, idempotency_key=f"handed-down:{digest}", now=now)
            entered = EnterRegional(external_number=matter.number, entered_on=today(now))
            perform(entered, done.petition.number, by=SYSTEM, idempotency_key=f"handed-in:{digest}", now=now)
            row.petition, row.state, row.reason = done.petition, Incoming.State.REGISTERED, ""
            row.save(update_fields=["petition", "state", "reason"])
        ran.registered += not done.again
        return row
    except InvalidAnswer as e:
        why = "".join(e.problems.values())
    except Refused as e:
        why = "；".join(map(str, e.reasons))
    except AdminChangeRefused as e:
        why = str(e)
    row.petition, row.state, row.reason = None, Incoming.State.LEFT, tidy_region_text(why)
    row.save(update_fields=["petition", "state", "reason"])
    ran.left += 1
    return row


def _answers(matter: HandedDownMatter, seen: datetime) -> dict[str, Any]:
    received = today(seen)
    subject = " ".join((matter.subject or matter.body).split())
    return {
        "channel": word_for_code("channel", matter.channel) or "letter",
        "source": (Source.BUREAU_ASSIGNED if matter.assigned else Source.BUREAU_FORWARDED).value,
        "received_on": received.isoformat(),
        "subject": subject if len(subject) <= MAX_SUBJECT_CHARACTERS else f"{subject[: MAX_SUBJECT_CHARACTERS - 1]}…",
        "body": matter.body or matter.subject,
        "persons": [dict(p) for p in matter.persons],
        "anonymous": matter.anonymous and not any(p.get("name") for p in matter.persons),
        "group_size": matter.group_size,
        "sender": matter.sender or "自治区信访局",
        "sender_number": matter.number,
        "sender_date": matter.sent_on.isoformat() if matter.sent_on else None,
        "feedback_due": matter.feedback_due.isoformat() if matter.feedback_due else None,
    }


# ---- by file


@transaction.atomic
def package_waiting(actor: Actor, *, staff: Staff | None, reason: str) -> list[ExchangeMessage]:
    """Return the messages that wait, at most MAX_PACKAGED_MESSAGES, taken out of the queue into a package.

    Each export is written down.
    """
    messages = []
    for pk, petition_id in list(
        waiting_for(actor).order_by("id").values_list("pk", "petition_id")[:MAX_PACKAGED_MESSAGES]
    ):
        try:
            with transaction.atomic():
                taken = _take(pk, petition_id, to=State.PACKED)
        except VaultError as e:
            _set_aside(pk, e)
            continue
        if taken is not None:
            messages.append(taken[1])
            log_access(taken[0].petition, staff, AccessKind.EXPORT, reason, message=taken[0].key)
    if messages:
        audit_log.record(staff, "导出交换数据包", f"{len(messages)} 条", reason=reason)
    return messages


def settle_receipts(receipts: Iterable[ExchangeReceipt], now: datetime | None = None) -> ExchangeReport:
    """Settle the receipts of a file."""
    ran = ExchangeReport()
    for receipt in receipts:
        ran.receipts += settle_receipt(receipt, now or timezone.now(), ran)
    return ran


@transaction.atomic
def send_again(row: Outgoing, *, staff: Staff, now: datetime | None = None) -> Outgoing:
    """Put a message back into the queue. What was refused goes as a new one, made from the case as it is now.

    Raises:
        AdminChangeRefused: a message in this state isn't sent again.
    """
    Petition.objects.select_for_update().get(pk=row.petition_id)
    row = Outgoing.objects.select_for_update().get(pk=row.pk)
    now = now or timezone.now()
    if row.state == State.REFUSED:
        base, _, edition = row.key.partition(".")
        # The region answers a key once and for all.
        row.key, row.content_sealed, row.digest = f"{base}.{int(edition or 1) + 1}", None, ""
    elif row.state not in (State.DEAD, State.PACKED):
        raise AdminChangeRefused(f"这一条的情况是“{row.get_state_display()}”，不用重新发送。请刷新页面。")
    row.state, row.tries, row.next_try, row.reason, row.answered_at = State.WAITING, 0, now, "", None
    row.save()
    audit_log.record(staff, "重新报送", row.key)
    return row


# ---- reconciling


def reconcile(theirs: Iterable[RegionEntry], now: datetime | None = None) -> Reconciliation:
    """Compare what they have with what we have, settle the receipts that were lost, and keep the result."""
    now = now or timezone.now()
    held = list(theirs)
    rows = Outgoing.objects.exclude(state__in=(State.BY_HAND, State.WITHHELD)).values_list(
        "key", "external_number", "digest", "state", "tries"
    )
    ours = [
        LocalMessage(key, number, digest, state == State.ACCEPTED, tries > 0 or state == State.PACKED)
        for key, number, digest, state, tries in rows
    ]
    known = {o.key for o in ours}
    numbers = [h.number for h in held if h.key not in known and h.number]
    by_hand: set[str] = set()
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        by_hand.update(
            Petition.objects.filter(external_number__in=part).values_list("external_number", flat=True),
            # A case that was sealed since has its words only in its events.
            Incoming.objects.filter(number__in=part, petition__isnull=False).values_list("number", flat=True),
        )
    result = reconcile_lists(ours, held, by_hand)
    for late in result.late:
        settle_receipt(ExchangeReceipt(late.key, accepted=True, number=late.number), now)
    _remember("reconcile", result.data(), now)
    return result
