"""What the window writes: a submission with its files, a step of the petitioner; and whether a proof is one.

A submission is one transaction: the registration, the seal of a report of wrongdoing, the word that was chosen. Its
files follow one by one; what arrived and what didn't is said on the receipt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.filecheck import NotAccepted
from xinfang.cases import inquiry_codes
from xinfang.cases.actions.decided_step import StepResult, prove_end
from xinfang.cases.actions.perform import perform
from xinfang.cases.actions.recipients import Recipients
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.papers.actions.one_act import take_step
from xinfang.petitioner_news.actions import keep_wishes
from xinfang.petitioner_news.actions.codes import send_code, use_code
from xinfang.petitioner_news.wishes import NO_WISHES, Wishes
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused, Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.sealing import SealCase
from xinfang.procedure.window_words import PLAIN_STEPS
from xinfang.procedure.words import Material, Role
from xinfang.vault.sm_ciphers import VaultError, sm3
from xinfang.window import receipts
from xinfang.window.actions.flood import keep_waiting, waiting_with
from xinfang.window.attempts import may_try
from xinfang.window.flood import essence, looks_like_flood
from xinfang.window.models import CameBack, ChosenWord, SignedReceipt, WaitingSubmission
from xinfang.window.queries.receipts import receipt_of
from xinfang.window.receipts import ArrivedFile, NotArrived
from xinfang.window.second_proof import Proof, mark_of_word, proven_by, proven_by_submission
from xinfang.window.session import ProvenCase, petitioner
from xinfang.window.submission import SentFile, Submission, is_waiting_number, words_of
from xinfang.window.waiting_content import content_of

SEALED_AT_THE_WINDOW = "信访人提交时选择检举控告"
ACT_NOTIFICATION = "petitioner"
"""What kind of notification tells of an act of a petitioner."""
_NOTHING_KEPT = "0" * 64


class NotProven(XinfangError):
    """Number, code and second proof don't open a case: one of them is wrong, or there were too many tries.

    Which it was is told to nobody.
    """


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission: the case, and what arrived of the files."""

    number: str
    arrived: list[ArrivedFile]
    not_arrived: list[NotArrived]


def open_case_by_proof(number: str, code: str, proof: str, address: str) -> ProvenCase:
    """Return the case that number, inquiry code and second proof open.

    Raises:
        NotProven: they open none, or it was tried too often.
    """
    number = number.strip().upper()[:20]
    allowed = may_try(number, address)
    if is_waiting_number(number):
        waiting = WaitingSubmission.objects.select_related("petition").filter(number=number).first()
        if waiting is None or waiting.petition is None:
            return _open_waiting(waiting, code, proof, allowed=allowed)
        # It has a case by now: the receipt's number opens that.
        number = waiting.petition.number
    petition = Petition.objects.select_related("chosen_word").filter(number=number).first()
    # Compared in any case: how long the answer takes must not tell what was wrong.
    right = inquiry_codes.is_code(code, petition.inquiry_mark if petition and petition.inquiry_mark else _NOTHING_KEPT)
    if not (allowed and right and petition):
        raise NotProven
    word = getattr(petition, "chosen_word", None)
    try:
        proven = proven_by(proof, petition, petition.petitioners.all(), word.mark if word else "")
    except VaultError:
        proven = None
    if proven is None and (person := use_code(petition, proof, timezone.now())):
        proven = Proof(person, own_secret=False)
    if proven is None:
        raise NotProven
    CameBack.objects.bulk_create([CameBack(petition=petition, first_at=timezone.now())], ignore_conflicts=True)
    return ProvenCase(petition.number, proven.person, proven.own_secret or petition.inquiry_sealed is None)


def send_proof(number: str, code: str, address: str) -> None:
    """Send a code that opens a case in place of four digits, where number and inquiry code are right.

    Whether they are, and whether it was asked for too often, is told to nobody.
    """
    number = number.strip().upper()[:20]
    allowed = may_try(number, address)
    # The number of a receipt that waited opens the case that it has by now.
    known_as = {"waited_as__number": number} if is_waiting_number(number) else {"number": number}
    petition = Petition.objects.filter(**known_as).first()
    right = inquiry_codes.is_code(code, petition.inquiry_mark if petition and petition.inquiry_mark else _NOTHING_KEPT)
    if allowed and right and petition:
        send_code(petition, timezone.now())


def _open_waiting(row: WaitingSubmission | None, code: str, proof: str, *, allowed: bool) -> ProvenCase:
    right = inquiry_codes.is_code(code, row.inquiry_mark if row else _NOTHING_KEPT)
    if not (allowed and right and row):
        raise NotProven
    try:
        content = content_of(row)
    except VaultError:
        content = None
    proven = proven_by_submission(proof, content.submission) if content else None
    if proven is None:
        raise NotProven
    return ProvenCase(row.number, proven.person, own_secret=True)


def submit(
    answers: Mapping[str, Any], *, word: str, wrongdoing: bool, files: Sequence[SentFile],
    left_out: Sequence[NotArrived], key: str, network: str = "", wishes: Wishes = NO_WISHES,
) -> Submitted:  # fmt: skip
    """Register what somebody submits, keep its files, and sign the receipt; `left_out` are files that didn't come in.

    The same form sent again leads to the same case. What looks like a flood waits to be cleared, with a number and a
    receipt of its own; `network` is where it comes from, if that is known.

    Raises:
        Refused: it can't be registered so; with the reasons.
        InvalidAnswer: an answer can't be read; with the field.
    """
    submission = Submission(answers, word, wrongdoing, left_out, key, timezone.now(), wishes)
    waiting = waiting_with(key)
    if waiting is None and not _sent_before(key) and looks_like_flood(network, essence(answers)):
        waiting = keep_waiting(submission, files, network)
    if waiting is not None:
        return Submitted(waiting.number, [], [])
    return register_submission(submission, files)


def register_submission(
    submission: Submission, files: Sequence[SentFile], *, inquiry_mark: str = "", known_as: str = ""
) -> Submitted:
    """Register a submission, received on the day on which it came in; the same one again leads to the same case.

    `inquiry_mark`: of the code that the petitioner was given, where it isn't the one that follows from their form.
    `known_as`: the number on their receipt, by which the desk finds the case.

    Raises:
        Refused: it can't be registered so; with the reasons.
        InvalidAnswer: an answer can't be read; with the field.
    """
    now, key = timezone.now(), submission.key
    before = _sent_before(key)
    step = replace(submission.registration(), external_number=known_as)
    with transaction.atomic():
        done = take_step(step, None, by=petitioner(before), idempotency_key=key, now=now)
        number = done.petition.number
        if not done.again:
            if inquiry_mark:
                done.petition.inquiry_mark = inquiry_mark
                prove_end(done.petition)
                done.petition.save(update_fields=["inquiry_mark", "head_mac"])
            if submission.word:
                ChosenWord.objects.create(petition=done.petition, mark=mark_of_word(number, submission.word))
            if submission.wrongdoing:
                perform(SealCase(reason=SEALED_AT_THE_WINDOW), number, by=petitioner(number, 1), now=now)
            keep_wishes(done.petition, 1, submission.wishes, staff=None, now=now)
    arrived, left = keep_files(petitioner(number, 1), files, key=key)
    result = Submitted(number, arrived, [*submission.left_out, *left])
    _sign(done, submission, result)
    return result


def _sent_before(key: str) -> str:
    """Return the number of the case that was registered from the form with this key; empty where none was.

    The key is a secret of the form: who has it sent the form, or has it on screen.
    """
    registered = Event.objects.filter(key=key, code=StepCode.REGISTER.value, by_role=Role.PETITIONER.value)
    return registered.values_list("petition__number", flat=True).first() or ""


def change_wishes(petition: Petition, person: int, wishes: Wishes) -> None:
    """Write down what the petitioner wishes to be told by message from now on."""
    keep_wishes(petition, person, wishes, staff=None, now=timezone.now())


def keep_files(by: Actor, files: Sequence[SentFile], *, key: str) -> tuple[list[ArrivedFile], list[NotArrived]]:
    """Attach files to the petitioner's case, each on its own; return those that arrived, and those that didn't.

    The same form sent again adds none twice.
    """
    arrived: list[ArrivedFile] = []
    left: list[NotArrived] = []
    for place, file in enumerate(files, 1):
        try:
            row = attach(
                by.case, file.data, file.name, what=Material.EVIDENCE, by=by, staff=None,
                idempotency_key=f"{key}-{place}",
            )  # fmt: skip
            arrived.append(ArrivedFile(row.name, row.size, row.digest))
        except NotAccepted as e:
            left.append(NotArrived(file.name, str(e)))
        except Refused as e:
            same = sm3(file.data).hex()
            if all(a.digest != same for a in arrived):
                left.append(NotArrived(file.name, e.reasons[0].text))
    return arrived, left


def keep_signed_sheet(number: str, sheet: bytes, *, by: Actor, staff: Staff, key: str) -> None:
    """Attach the registration sheet that a visitor signed at the counter; the same form sent twice adds one.

    Raises:
        NotAccepted: the disk doesn't take it.
        Refused: it can't be added now; with the reasons.
    """
    name = "信访事项登记表（信访人签名）.pdf"
    attach(
        number, sheet, name, what=Material.PETITIONERS_WORDS, by=by, staff=staff, idempotency_key=f"sheet-{key}"
    )  # fmt: skip


def _sign(done: StepResult, submission: Submission, result: Submitted) -> None:
    # It came in when it was sent, which of one that waited is before it was registered.
    at = min(submission.at, done.event.recorded_at)
    text = receipts.receipt_text(
        department=settings.DEPARTMENT,
        number=done.petition.number,
        at=at,
        text=words_of(submission.answers),
        arrived=result.arrived,
        not_arrived=result.not_arrived,
        event=done.event.hash,
    )
    digest = receipts.digest_of(text)
    before = receipt_of(done.petition.number)
    if before is not None and len(before.said["files"]) >= len(result.arrived):
        # The same form sent again, perhaps without its files: what was signed stays as it is.
        return
    receipt = SignedReceipt(petition=done.petition, at=at, digest=digest)
    receipt.keep(f"{text}\n{receipts.sign(text)}")
    receipt.save(force_insert=True)


def act(step: Step, proven: ProvenCase, *, key: str, code: str = "") -> StepResult:
    """Take a step of the petitioner on the case that was proven; who works on it is told.

    Raises:
        Refused: it can't be taken now; with every reason.
        InvalidAnswer: an answer can't be kept.
    """
    now = timezone.now()
    with transaction.atomic():
        done = take_step(step, proven.number, by=proven.actor, code=code, idempotency_key=key, now=now)
        if not done.again:
            _tell_who_works_on_it(done, now)
        return done


def _tell_who_works_on_it(done: StepResult, now: datetime) -> None:
    people = Recipients(today(now)).whose_it_is(done.petition, done.facts)
    label = PLAIN_STEPS.get(StepCode(done.event.code), "")
    notify(people, done.petition, kind=ACT_NOTIFICATION, text=f"信访人在窗口办理：{label}。请打开此件查看。", now=now)
