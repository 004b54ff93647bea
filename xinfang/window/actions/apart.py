"""The desk's side of a window apart: taking what it sealed, each exactly once, and publishing what it may show."""

import base64
import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string

from xinfang.cases.models.encryption import case_key
from xinfang.core.clock import today
from xinfang.core.features import modules
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.people_words import MessageKind
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.steps.messages import LeaveMessage
from xinfang.procedure.words import State as CaseState
from xinfang.vault.keys import keyring
from xinfang.vault.sealed_box import is_signed, open_sealed, public_bytes
from xinfang.vault.sm_ciphers import DecryptionFailed, seal, unseal
from xinfang.web.dates import chinese_date
from xinfang.window.actions import act
from xinfang.window.actions.clearing import ask_again, register_one
from xinfang.window.actions.flood import keep_waiting
from xinfang.window.apart.envelope import SealedMessage, SealedSubmission, place_of, unpacked
from xinfang.window.apart.kit import intake_key, windows_receipt_key
from xinfang.window.apart.queue import SEALED, file_name_of, folder, key_of, publish, sealed_files
from xinfang.window.apart.status import PublishedPaper, Status, encrypted, proof_mark, proofs_of
from xinfang.window.models import WaitingSubmission, WindowFollow
from xinfang.window.queries.own_papers import own_paper
from xinfang.window.queries.progress import open_own_case, progress_of
from xinfang.window.queries.waiting import own_waiting
from xinfang.window.queries.who_looked import who_looked
from xinfang.window.session import ProvenCase
from xinfang.window.submission import words_of

_log = structlog.get_logger(__name__)
_PLACE = b"window follow"
_KEPT_SECONDS = 60 * 86400
"""For so long the window can still learn that something was taken."""
State = WaitingSubmission.State


class NotFromTheWindow(XinfangError):
    """Something in the queue that the window of this department didn't write."""


@dataclass(slots=True)
class TakenReport:
    """What became of the files in the queue. `waiting`: taken, and left for the office to clear."""

    taken: int = 0
    waiting: int = 0
    messages: int = 0
    later: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(slots=True)
class PublishingReport:
    """What was written for the window."""

    pages: int = 0
    cases: int = 0
    failed: int = 0


def take_all() -> TakenReport:
    """Take every file that came up: registered or left waiting, then told the window, then removed.

    Killed at any point and run again, nothing is taken twice and nothing is lost: what was taken is known by the key
    of its form.
    """
    report = TakenReport()
    with _alone():
        key = intake_key()
        for file in sealed_files():
            try:
                content = unpacked(open_sealed(key, file.read_bytes(), place_of(file.name)))
                done = (
                    _take(content, file.name, report)
                    if isinstance(content, SealedSubmission)
                    else _hear(content, file.name)
                )
            except (DecryptionFailed, NotFromTheWindow) as e:
                _log.error("window_file_refused", file=file.name, error=type(e).__name__)
                shutil.move(file, folder("refused") / file.name)
                report.refused += 1
                continue
            except (XinfangError, DatabaseError, OSError) as e:
                # One file that can't be taken now mustn't keep the others; it is tried again.
                _log.error("window_file_failed", file=file.name, error=type(e).__name__)
                report.failed += 1
                continue
            if not done:
                report.later += 1
                continue
            report.messages += isinstance(content, SealedMessage)
            publish(("taken", file.name), b"")
            file.unlink(missing_ok=True)
        _forget_old(folder("down", "taken"))
    return report


@contextmanager
def _alone() -> Iterator[None]:
    with (Path(settings.DATA) / "window-queue.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(taken: Path) -> None:
    old = time.time() - _KEPT_SECONDS
    for file in taken.iterdir():
        if file.stat().st_mtime < old:
            file.unlink(missing_ok=True)


def _take(content: SealedSubmission, name: str, report: TakenReport) -> bool:
    _require_genuine(content, name)
    row = keep_waiting(
        content.submission, content.files, content.network, code=content.code, number=content.number,
        receipt=content.receipt,
    )  # fmt: skip
    _remember(row, content)
    if row.petition_id is None and row.state == State.WAITING and not content.flood:
        try:
            register_one(row.pk)
        except (Refused, InvalidAnswer) as e:
            # The window let through what the rules here refuse: it waits for the office, which can ask.
            _log.error("window_submission_refused", number=row.number, error=type(e).__name__)
        row.refresh_from_db()
    report.taken += 1
    report.waiting += row.petition_id is None
    return True


def _require_genuine(content: SealedSubmission, name: str) -> None:
    """Check that the window itself wrote this: anybody can seal, only the window signs receipts.

    Raises:
        NotFromTheWindow: it didn't.
    """
    text, _, signature = content.receipt.partition("\n")
    try:
        said, raw = json.loads(text), bytes.fromhex(signature)
        same = (
            said["number"] == content.number
            and datetime.fromisoformat(said["received_at"]) == content.submission.at.replace(microsecond=0)
            and said["text"] == json.loads(json.dumps(words_of(content.submission.answers)))
            and name == file_name_of(content.code) + SEALED
        )
    except (ValueError, KeyError, TypeError):
        raise NotFromTheWindow from None
    if not same or not is_signed(public_bytes(windows_receipt_key()), text.encode(), raw):
        raise NotFromTheWindow


def _remember(row: WaitingSubmission, content: SealedSubmission) -> None:
    if WindowFollow.objects.filter(submission=row).exists():
        return
    key, wrapped = keyring().new_key()
    file_key = key_of(content.code)
    word = content.submission.word
    kept = {"key": file_key.hex(), "word": proof_mark(file_key, word) if word else "", "number": content.number}
    WindowFollow.objects.create(
        submission=row, file_name=file_name_of(content.code), wrapped_key=wrapped,
        sealed=seal(key, json.dumps(kept).encode(), _PLACE),
    )  # fmt: skip


def _hear(content: SealedMessage, name: str) -> bool:
    """Bring words to where they belong; tell whether that was possible now.

    Raises:
        NotFromTheWindow: nothing was submitted with this code.
    """
    file_name = file_name_of(content.code)
    if name != f"{file_name}-{content.key}{SEALED}" or not content.words.strip():
        raise NotFromTheWindow
    follow = WindowFollow.objects.select_related("submission__petition").filter(file_name=file_name).first()
    if follow is None:
        raise NotFromTheWindow
    row = follow.submission
    if row.petition is not None:
        step = LeaveMessage(kind=MessageKind.MESSAGE, text=content.words[:4000])
        act(step, ProvenCase(row.petition.number, 1, own_secret=True), key=content.key)
        return True
    return row.state == State.SET_ASIDE and ask_again(row.number, content.words[:2000])


def publish_all() -> PublishingReport:
    """Write the public pages, and the state of every submission that changed since it was written last."""
    report = PublishingReport()
    _publish_pages(report)
    changed = WindowFollow.objects.annotate(made_of=_made_of()).exclude(published_as=F("made_of"))
    for follow in changed.select_related("submission__petition").order_by("pk").iterator(chunk_size=200):
        try:
            kept = json.loads(unseal(keyring().unwrap(bytes(follow.wrapped_key)), bytes(follow.sealed), _PLACE))
            key = bytes.fromhex(kept["key"])
            if _is_destroyed(follow.submission):
                publish(("gone", follow.file_name), b"")
                (folder("down", "status") / follow.file_name).unlink(missing_ok=True)
            else:
                status = _status(follow.submission, key, kept)
                publish(("status", follow.file_name), encrypted(status, key, follow.file_name))
        except (XinfangError, OSError) as e:
            _log.error("window_status_failed", number=follow.submission.number, error=type(e).__name__)
            report.failed += 1
            continue
        WindowFollow.objects.filter(pk=follow.pk).update(published_as=follow.made_of)
        report.cases += 1
    return report


def _is_destroyed(row: WaitingSubmission) -> bool:
    return row.petition is not None and case_key(row.petition) is None


def _made_of() -> Case:
    """Return of what a state is made, computed by the database: of many only those that changed are read."""
    day = Value(today().isoformat())
    case = "submission__petition"
    waits = Concat("submission__state", Value(" "), day)
    # The days that are left change daily; of what lies in the archive nothing runs.
    daily = Case(When(**{f"{case}__state": CaseState.ARCHIVED.value}, then=Value("")), default=day)
    known = Concat(f"{case}__number", Value(" "), Cast(f"{case}__revision", CharField()), Value(" "), daily)
    return Case(When(**{case: None}, then=waits), default=known, output_field=CharField())


def _status(row: WaitingSubmission, key: bytes, kept: dict[str, str]) -> Status:
    if row.petition is None:
        own = own_waiting(row.number)
        if own is None:
            raise DecryptionFailed
        context: dict[str, Any] = {
            "own": own, "received": chinese_date(own.received_on), "due": chinese_date(own.owed.due.due),
            "decided_on": chinese_date(own.decided_on) if own.decided_on else "", "apart": True,
        }  # fmt: skip
        body = render_to_string("window/parts/waiting_body.html", context)
        return Status([kept["number"]], proofs_of(key, own.persons, own.word), own.subject, body)
    case = open_own_case(ProvenCase(row.petition.number, 1, own_secret=True))
    progress = progress_of(case)
    context = {"progress": progress, "acts": [], "not_now": [], "looks": who_looked(case), "apart": True}
    papers = {}
    for paper in progress.papers:
        found = own_paper(case, paper.place) if paper.has_file and not paper.to_open else None
        if found is not None:
            papers[str(paper.place)] = PublishedPaper(
                found.name, found.content_type, base64.b64encode(found.data).decode()
            )
    persons = [{"phone": p.phone, "id_number": p.id_number} for p in row.petition.petitioners.order_by("place")]
    proofs = proofs_of(key, persons, "")
    if kept["word"]:
        proofs.insert(0, (1, True, kept["word"]))
    body = render_to_string("window/parts/case_body.html", context)
    return Status([kept["number"], progress.number], proofs, progress.subject, body, papers)


def _publish_pages(report: PublishingReport) -> None:
    pages = {name: view for feature in modules("public_pages") for name, view in feature.PAGES.items()}
    for name, view in pages.items():
        request = HttpRequest()
        request.method = "GET"
        try:
            publish(("pages", name), view(request).content)
        except Http404:
            continue
        report.pages += 1
