"""What a waiting submission holds, and its files: read and made, under its own key."""

from collections.abc import Iterator
from dataclasses import dataclass

from xinfang.core import file_store
from xinfang.vault.sm_ciphers import DecryptionFailed, seal, unseal

from .models import AskedAgain, WaitingFile, WaitingSubmission
from .submission import Submission, load_submission

_CONTENT, _AGAIN = b"waiting submission", b"asked again"


@dataclass(frozen=True, slots=True)
class WaitingContent:
    """What was sent, the names of its files in order, and the receipt that was given: its text and signature."""

    submission: Submission
    names: list[str]
    receipt: str


def sealed_content(key: bytes, submission: Submission, names: list[str], receipt: str) -> bytes:
    """Return the content as it is kept."""
    return seal(key, "\0".join((submission.dumped(), receipt, *names)).encode(), _CONTENT)


def content_of(row: WaitingSubmission) -> WaitingContent | None:
    """Return what a row holds; None once its key was erased.

    Raises:
        DecryptionFailed: it can't be read.
        KeyMissing: the key it is wrapped with isn't here.
    """
    key = row.key()
    if key is None:
        return None
    submission, receipt, *names = unseal(key, bytes(row.sealed), _CONTENT).decode().split("\0")
    try:
        return WaitingContent(load_submission(submission), names, receipt)
    except (ValueError, KeyError, TypeError):
        raise DecryptionFailed from None


def sealed_words(row: WaitingSubmission, words: str) -> bytes:
    """Return why the petitioner asks again, as it is kept.

    Raises:
        VaultError: the key of the submission can't be used.
    """
    return seal(_key(row), words.encode(), _AGAIN)


def asked_again_words(asked: AskedAgain) -> str:
    """Return why the petitioner asks again.

    Raises:
        VaultError: it can't be read.
    """
    return unseal(_key(asked.submission), bytes(asked.sealed), _AGAIN).decode()


def read_waiting_file(file: WaitingFile) -> Iterator[bytes]:
    """Yield the content of a file in chunks, each checked.

    Raises:
        FileNotFoundError: the file is gone.
        VaultError: it is damaged, or its key can't be used.
    """
    return file_store.read_content(file.address, _key(file.submission))


def _key(row: WaitingSubmission) -> bytes:
    key = row.key()
    if key is None:
        raise DecryptionFailed
    return key
