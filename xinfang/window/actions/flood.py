"""Keeping what is handed in amid a flood: whole, with its day and a signed receipt, until somebody clears it."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from xinfang.accounts.queries.actors import directory
from xinfang.attachments.actions.attach import require_no_virus, write_content
from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.calendars.queries import calendar
from xinfang.cases import inquiry_codes
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.procedure.facts import Facts
from xinfang.procedure.rules import DecisionContext, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import sm3
from xinfang.window import receipts
from xinfang.window.flood import essence
from xinfang.window.models import WaitingFile, WaitingSubmission
from xinfang.window.receipts import ArrivedFile, NotArrived
from xinfang.window.session import petitioner
from xinfang.window.submission import SentFile, Submission, waiting_number, words_of
from xinfang.window.waiting_content import sealed_content

MOST_WAITING_BYTES = 4 * 2**30
"""Of all files that wait together: a program mustn't fill the disk. Past it the words are taken, and files are named
as not arrived."""
_KEY, _TEXT, _NETWORK, _NUMBER = "waiting form", "waiting text", "waiting network", "waiting number"
_FULL = "现在同时提交的人太多，文件暂时收不下。文字已经收到；文件请在登记后打开此件补充，或者寄来、送来。"


def waiting_with(key: str) -> WaitingSubmission | None:
    """Return what waits from the form with this key (1 query)."""
    return WaitingSubmission.objects.filter(key_mark=keyring().mark(_KEY, key)).first()


def require_possible(submission: Submission) -> None:
    """Check that it could be registered as it is: what waits must not fail later, when nobody can be asked.

    Raises:
        Refused: it can't be registered so; with the reasons.
        InvalidAnswer: an answer can't be read; with the field.
    """
    day = today(submission.at)
    step = submission.registration()
    asked = DecisionContext(
        step=step, facts=Facts(), actor=petitioner(), today=day, calendar=calendar(), directory=directory(day)
    )
    decide(step, StepCode.REGISTER, asked)


@translate_disk_full
def keep_waiting(
    submission: Submission,
    files: Sequence[SentFile],
    network: str,
    *,
    code: str = "",
    number: str = "",
    receipt: str = "",
) -> WaitingSubmission:
    """Keep a submission with its files, and sign its receipt. The same form sent again leads to the same row.

    `code`, `number` and `receipt` are given where a window apart has told them to the petitioner already: then it is
    kept whatever the rules of registering say of it, as nobody can be asked any more.

    Raises:
        Refused: it can't be registered so; with the reasons.
        InvalidAnswer: an answer can't be read; with the field.
        IntegrityError: the database has a number twice; sent once more, another is drawn.
    """
    if before := waiting_with(submission.key):
        return before
    if not receipt:
        require_possible(submission)
    ring = keyring()
    key, wrapped = ring.new_key()
    if not number or WaitingSubmission.objects.filter(number=number).exists():
        number = _free_number(submission)
    good, left = _checked(files)
    submission = replace(submission, left_out=[*submission.left_out, *left])
    arrived = [ArrivedFile(f.name, len(f.data), sm3(f.data).hex()) for f in good]
    if not receipt:
        signed = receipts.receipt_text(
            department=settings.DEPARTMENT, number=number, at=submission.at, text=words_of(submission.answers),
            arrived=arrived, not_arrived=submission.left_out, event="",
        )  # fmt: skip
        receipt = f"{signed}\n{receipts.sign(signed)}"
    row = WaitingSubmission(
        number=number,
        key_mark=ring.mark(_KEY, submission.key),
        at=submission.at,
        received_on=today(submission.at),
        text_mark=ring.mark(_TEXT, essence(submission.answers)),
        network_mark=ring.mark(_NETWORK, network) if network else "",
        report=submission.wrongdoing,
        inquiry_mark=inquiry_codes.mark_of(code or inquiry_codes.code_of_form(submission.key)),
        receipt_digest=receipts.digest_of(receipt.partition("\n")[0]),
        wrapped_key=wrapped,
        sealed=sealed_content(key, submission, [f.name for f in good], receipt),
    )
    written = [(f, write_content(f.data, key)) for f in good]
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            for place, (arrival, (_, fresh)) in enumerate(zip(arrived, written, strict=True), 1):
                address = file_store.content_address(number, arrival.digest)
                WaitingFile.objects.create(
                    submission=row, place=place, size=arrival.size, digest=arrival.digest, address=address
                )
                file_store.move_into_place(fresh, address)
    except IntegrityError:
        # Two copies of one form in the same instant: the second finds what the first did.
        if before := waiting_with(submission.key):
            return before
        raise
    finally:
        for _, fresh in written:
            file_store.remove_file(fresh)
    return row


def _free_number(submission: Submission) -> str:
    digits = int(keyring().mark(_NUMBER, submission.key), 16)
    while WaitingSubmission.objects.filter(number=waiting_number(submission.at, digits)).exists():
        digits += 1
    return waiting_number(submission.at, digits)


def _checked(files: Sequence[SentFile]) -> tuple[list[SentFile], list[NotArrived]]:
    """Return the files that are taken, under their cleaned names, and those that aren't; the same content once."""
    good: list[SentFile] = []
    left: list[NotArrived] = []
    digests: set[bytes] = set()
    used = WaitingFile.objects.aggregate(bytes=Sum("size", default=0))["bytes"] if files else 0
    for file in files:
        try:
            checked = check_file(file.data, file.name, most=settings.UPLOAD_MB * 2**20)
            require_no_virus(file.data, "", None)
        except NotAccepted as e:
            left.append(NotArrived(file.name, str(e)))
            continue
        if used + checked.size > MOST_WAITING_BYTES:
            left.append(NotArrived(file.name, _FULL))
            continue
        digest = sm3(file.data)
        if digest not in digests:
            digests.add(digest)
            used += checked.size
            good.append(SentFile(checked.name, file.data))
    return good, left
