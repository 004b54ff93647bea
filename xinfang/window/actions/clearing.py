"""Clearing what waits: registering it, setting it aside as no petition (two persons), looking at it again.

What was decided is in the administrative log, each lot once with how many there were.
"""

import structlog
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition
from xinfang.core import file_store
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.facts import Actor
from xinfang.procedure.people_words import MessageKind
from xinfang.procedure.rules import Refused
from xinfang.procedure.steps.messages import LeaveMessage
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.waiting_submissions import (
    may_agree,
    may_clear,
    why_not_agree,
    why_not_set_aside,
)
from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.window.actions import register_submission
from xinfang.window.models import AskedAgain, ClearedSubmission, Clearing, ClearingAnswer, WaitingSubmission
from xinfang.window.queries.waiting import decided_before, lot_of
from xinfang.window.session import petitioner
from xinfang.window.submission import SentFile
from xinfang.window.waiting_content import asked_again_words, content_of, read_waiting_file, sealed_words

_log = structlog.get_logger(__name__)
State, Kind = WaitingSubmission.State, Clearing.Kind


def register_waiting(pks: list[int], *, report: bool, by: Actor, staff: Staff) -> tuple[list[str], int]:
    """Register what waits, each received on its own day; return the numbers, and how many could not be registered.

    Broken off in the middle, the rest still waits, and nothing is registered twice.

    Raises:
        NotVisible: this person clears no such thing.
    """
    if not may_clear(by, report=report):
        raise NotVisible
    with transaction.atomic():
        rows = _locked(pks, report)
        if rows:
            _keep_lot(Kind.REGISTER, rows, report=report, reason="", staff=staff)
    numbers, failed = [], 0
    for row in rows:
        try:
            numbers.append(register_one(row.pk))
        except (XinfangError, OSError) as e:
            # One that can't be read mustn't keep the others waiting; it stays in the list.
            _log.error("waiting_not_registered", error=type(e).__name__, number=row.number)
            failed += 1
    return numbers, failed


def register_one(pk: int) -> str:
    """Register one that waits, received on its own day; return its number. Again, it is the same case.

    Raises:
        Refused: it can't be registered as it is; with the reasons.
        InvalidAnswer: an answer can't be read.
        DecryptionFailed: its content can't be read.
    """
    row = WaitingSubmission.objects.select_related("petition").get(pk=pk)
    if row.petition is not None:
        return str(row.petition.number)
    content = content_of(row)
    if content is None:
        raise DecryptionFailed
    kept = list(row.files.all())
    files = [SentFile(n, b"".join(read_waiting_file(f))) for n, f in zip(content.names, kept, strict=True)]
    done = register_submission(content.submission, files, inquiry_mark=row.inquiry_mark, known_as=row.number)
    asked = AskedAgain.objects.filter(submission=row).first()
    with transaction.atomic():
        if asked is not None:
            step = LeaveMessage(kind=MessageKind.MESSAGE, text=asked_again_words(asked))
            key = f"{content.submission.key}-again"
            perform(step, done.number, by=petitioner(done.number, 1), idempotency_key=key)
        row.petition = Petition.objects.get(number=done.number)
        row.state, row.wrapped_key, row.sealed = State.REGISTERED, None, b""
        row.save()
        row.files.all().delete()
    for file in kept:
        file_store.remove_file(file_store.path_of(file.address))
    return done.number


def set_aside(pks: list[int], *, report: bool, reason: str, by: Actor, staff: Staff) -> int:
    """Put what waits forward as no petition; another agrees. Return how many it were.

    Raises:
        NotVisible: this person clears no such thing.
        Refused: it can't be put forward so; with the reasons.
    """
    if not may_clear(by, report=report):
        raise NotVisible
    with transaction.atomic():
        rows = _locked(pks, report)
        if reasons := why_not_set_aside(by, reason, decided_before([row.pk for row in rows])):
            raise Refused(reasons)
        if rows:
            _keep_lot(Kind.SET_ASIDE, rows, report=report, reason=reason.strip()[:500], staff=staff)
            WaitingSubmission.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.PROPOSED)
    return len(rows)


def answer_set_aside(pk: int, *, agree: bool, opinion: str, by: Actor, staff: Staff) -> int:
    """Give the second word on a lot: then it is set aside, or waits again. Return how many it were.

    Raises:
        NotVisible: there is no such lot for this person.
        Refused: they can't give this word; with the reasons.
    """
    now, opinion = timezone.now(), opinion.strip()[:500]
    with transaction.atomic():
        clearing = (
            Clearing.objects.select_for_update(of=("self",)).filter(pk=pk, kind=Kind.SET_ASIDE, answer=None).first()
        )
        if clearing is None or not (may_agree(by, report=clearing.report) or may_clear(by, report=clearing.report)):
            raise NotVisible
        lot = lot_of(clearing)
        if not may_agree(by, report=clearing.report) and lot.by not in by.codes:
            raise NotVisible
        if reasons := why_not_agree(by, lot, agree=agree, opinion=opinion):
            raise Refused(reasons)
        ClearingAnswer.objects.create(clearing=clearing, agree=agree, opinion=opinion, by=staff, at=now)
        rows = WaitingSubmission.objects.filter(memberships__clearing=clearing, state=State.PROPOSED)
        count = rows.update(state=State.SET_ASIDE if agree else State.WAITING)
        what = "窗口待登记：同意认定为非信访内容" if agree else "窗口待登记：不认定为非信访内容"
        audit_log.record(staff, what, f"第{pk}批", now, number=count, proposed_by=clearing.by.get_username())
    return count


def ask_again(number: str, words: str) -> bool:
    """Let the petitioner ask once that what was set aside be looked at again; tell whether it was possible."""
    with transaction.atomic():
        row = WaitingSubmission.objects.select_for_update().filter(number=number, state=State.SET_ASIDE).first()
        if row is None or AskedAgain.objects.filter(submission=row).exists():
            return False
        AskedAgain.objects.create(submission=row, at=timezone.now(), sealed=sealed_words(row, words))
        row.state = State.WAITING
        row.save(update_fields=["state"])
    return True


def _locked(pks: list[int], report: bool) -> list[WaitingSubmission]:
    rows = WaitingSubmission.objects.select_for_update().filter(pk__in=pks, report=report, state=State.WAITING)
    return list(rows.order_by("at", "pk"))


def _keep_lot(kind: Clearing.Kind, rows: list[WaitingSubmission], *, report: bool, reason: str, staff: Staff) -> None:
    now = timezone.now()
    clearing = Clearing.objects.create(kind=kind, report=report, reason=reason, by=staff, at=now)
    ClearedSubmission.objects.bulk_create(ClearedSubmission(clearing=clearing, submission=row) for row in rows)
    what = "窗口待登记：登记" if kind is Kind.REGISTER else "窗口待登记：提出非信访内容"
    audit_log.record(
        staff, what, f"第{clearing.pk}批", now, number=len(rows), first=rows[0].number, last=rows[-1].number
    )
