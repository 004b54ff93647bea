"""What travels from a window apart to the desk, before it is sealed and after it was opened."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.window.submission import SentFile, Submission, load_submission


@dataclass(frozen=True, slots=True)
class SealedSubmission:
    """A submission with what the petitioner was told: number, code, receipt."""

    submission: Submission
    files: Sequence[SentFile]
    number: str
    code: str
    receipt: str
    network: str
    """A keyed digest; empty where it isn't known."""
    flood: bool


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """Words about a submission, from who has its code."""

    code: str
    words: str
    key: str


def packed(content: SealedSubmission | SealedMessage) -> bytes:
    """Return it as bytes: the length of a JSON text, the text, then the files one after another."""
    data: dict[str, Any] = asdict(content)
    files: Sequence[SentFile] = ()
    if isinstance(content, SealedSubmission):
        files = content.files
        data["submission"] = content.submission.dumped()
        data["files"] = [[f.name, len(f.data)] for f in files]
    text = json.dumps(data, ensure_ascii=False).encode()
    return b"".join((len(text).to_bytes(4), text, *(f.data for f in files)))


def unpacked(raw: bytes) -> SealedSubmission | SealedMessage:
    """Return what `packed` was given. Anybody may have sealed it, so it is read as what a stranger sent.

    Raises:
        DecryptionFailed: it is no such content.
    """
    try:
        end = 4 + int.from_bytes(raw[:4])
        data = json.loads(raw[4:end])
        if "submission" not in data:
            return SealedMessage(**{name: str(value) for name, value in data.items()})
        files = []
        for name, size in data.pop("files"):
            if not isinstance(size, int) or size < 0 or end + size > len(raw):
                raise DecryptionFailed
            files.append(SentFile(str(name), raw[end : end + size]))
            end += size
        return SealedSubmission(**{**data, "submission": load_submission(data["submission"]), "files": files})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DecryptionFailed from None


def place_of(file: str) -> bytes:
    """Return what binds sealed content to the name of its file."""
    return b"window intake " + file.encode()
