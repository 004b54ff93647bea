"""What a window apart takes in: sealed for the desk before it is acknowledged, so that the window can't read it again.

Order: the petitioner's own copy of the receipt, encrypted by their code; the sealed submission; then the answer. So
what was acknowledged is on the disk, and the same form sent again finds its receipt and puts back what is missing.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.cases.inquiry_codes import ALPHABET, LENGTH
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.petitioner_news.wishes import NO_WISHES, Wishes
from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.rules import DecisionContext, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.waiting_submissions import notice_owed
from xinfang.vault.sealed_box import seal_for
from xinfang.vault.sm_ciphers import DecryptionFailed, hmac_sm3, sm3
from xinfang.web.dates import chinese_date
from xinfang.window.flood import essence, looks_like_flood
from xinfang.window.receipts import ArrivedFile, NotArrived, receipt_text, sign
from xinfang.window.session import petitioner
from xinfang.window.submission import SentFile, Submission, waiting_number, words_of

from .envelope import SealedMessage, SealedSubmission, packed, place_of
from .kit import kit
from .queue import SEALED, file_name_of, folder, key_of, published, write_whole
from .status import Status, encrypted, proofs_of, read


@dataclass(frozen=True, slots=True)
class Found:
    """A submission by its code: what the desk published of it, and what the window keeps; at least one of them."""

    now: Status
    kept: Status | None


def code_of(key: str) -> str:
    """Return the inquiry code of the form with this key; only who has the form, and this window, can make it again."""
    digits = int.from_bytes(hmac_sm3(kit().bytes_of("codes"), b"code " + key.encode()))
    return "".join(ALPHABET[(digits >> 5 * place) % 32] for place in range(LENGTH))


@translate_disk_full
def take_in(
    answers: Mapping[str, Any], *, word: str, wrongdoing: bool, files: Sequence[SentFile],
    left_out: Sequence[NotArrived], key: str, network: str, wishes: Wishes = NO_WISHES,
) -> str:  # fmt: skip
    """Seal a submission for the desk and sign its receipt; return its inquiry code. The same form again is the same.

    Raises:
        Refused: it couldn't be registered so; with the reasons.
        InvalidAnswer: an answer can't be read; with the field.
        KitMissing: the window has no kit.
    """
    code = code_of(key)
    before = own_copy(code)
    at = (
        datetime.fromisoformat(json.loads(before.receipt.partition("\n")[0])["received_at"])
        if before
        else timezone.now()
    )
    good, left = _checked(files)
    submission = Submission(answers, word, wrongdoing, [*left_out, *left], key, at, wishes)
    _require_possible(submission)
    name = file_name_of(code)
    place = folder("up") / f"{name}{SEALED}"
    if before is not None and (place.exists() or published("taken", place.name) is not None):
        return code
    number = before.numbers[0] if before else _number(submission)
    receipt = before.receipt if before else _receipt(submission, number, good)
    if before is None:
        write_whole(_own(name), encrypted(_first_status(submission, number, receipt, code), key_of(code), name))
    envelope = SealedSubmission(
        submission, good, number, code, receipt,
        hmac_sm3(kit().bytes_of("codes"), b"network " + network.encode()).hex() if network else "",
        looks_like_flood(network, essence(answers)),
    )  # fmt: skip
    write_whole(place, seal_for(kit().bytes_of("intake"), packed(envelope), place_of(place.name)))
    return code


@translate_disk_full
def say(code: str, words: str, key: str) -> None:
    """Seal a message for the desk; the same form sent again is the same message.

    Raises:
        KitMissing: the window has no kit.
    """
    place = folder("up") / f"{file_name_of(code)}-{uuid.UUID(key).hex}{SEALED}"
    if not place.exists() and published("taken", place.name) is None:
        sealed = seal_for(kit().bytes_of("intake"), packed(SealedMessage(code, words, key)), place_of(place.name))
        write_whole(place, sealed)


def find(code: str) -> Found | None:
    """Return what there is under an inquiry code: what the desk published before what the window keeps itself."""
    if published("gone", file_name_of(code)) is not None:
        return None
    kept = own_copy(code)
    content = published("status", file_name_of(code))
    try:
        now = read(content, code) if content is not None else kept
    except DecryptionFailed:
        now = kept
    return Found(now, kept) if now is not None else None


def own_copy(code: str) -> Status | None:
    """Return what the window keeps of a submission: its receipt, readable by who has the code."""
    try:
        return read(_own(file_name_of(code)).read_bytes(), code)
    except (FileNotFoundError, DecryptionFailed):
        return None


def remove_taken() -> int:
    """Remove what the desk says it has taken, and receipts of files that were destroyed; return how many files."""
    count = 0
    for file in _own("x").parent.iterdir():
        if published("gone", file.name) is not None:
            file.unlink(missing_ok=True)
            count += 1
    for file in folder("up").glob(f"*{SEALED}"):
        if published("taken", file.name) is not None:
            file.unlink(missing_ok=True)
            count += 1
    return count


def _own(name: str) -> Path:
    folder = Path(settings.DATA) / "receipts"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name


def _number(submission: Submission) -> str:
    digits = hmac_sm3(kit().bytes_of("codes"), b"number " + submission.key.encode())
    return waiting_number(submission.at, int.from_bytes(digits))


def _require_possible(submission: Submission) -> None:
    day = today(submission.at)
    asked = DecisionContext(
        step=submission.registration(), facts=Facts(), actor=petitioner(), today=day, calendar=seed_calendar(),
        directory=Directory({}, {}),
    )  # fmt: skip
    decide(asked.step, StepCode.REGISTER, asked)


def _receipt(submission: Submission, number: str, files: Sequence[SentFile]) -> str:
    text = receipt_text(
        department=settings.DEPARTMENT, number=number, at=submission.at, text=words_of(submission.answers),
        arrived=[ArrivedFile(f.name, len(f.data), sm3(f.data).hex()) for f in files],
        not_arrived=submission.left_out, event="",
    )  # fmt: skip
    return f"{text}\n{sign(text)}"


def _first_status(submission: Submission, number: str, receipt: str, code: str) -> Status:
    persons = submission.answers.get("persons", [])
    return Status(
        numbers=[number],
        proofs=proofs_of(key_of(code), persons, submission.word),
        subject=str(submission.answers.get("subject", "")),
        body="",
        receipt=receipt,
        due=chinese_date(notice_owed(today(submission.at), seed_calendar()).due.due),
        has_contact=any(p.get("name") for p in persons),
    )


def _checked(files: Sequence[SentFile]) -> tuple[list[SentFile], list[NotArrived]]:
    good: list[SentFile] = []
    left: list[NotArrived] = []
    for file in files:
        try:
            name = check_file(file.data, file.name, most=settings.UPLOAD_MB * 2**20).name
        except NotAccepted as e:
            left.append(NotArrived(file.name, str(e)))
            continue
        if all(file.data != one.data for one in good):
            good.append(SentFile(name, file.data))
    return good, left
