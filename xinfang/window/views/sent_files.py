"""The files that came with a form of the window, or before it in chunks; and those that were not taken."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from xinfang.attachments.actions import chunks
from xinfang.attachments.filecheck import clean_name, too_big_message
from xinfang.vault.sm_ciphers import VaultError, sm3
from xinfang.window.receipts import NotArrived
from xinfang.window.submission import SentFile

MAX_FILES = 30
_NOT_WHOLE = "没有传完，只收到 {received} / {size} KB。请打开此件补充提交。"
_LOST = "传到的部分不完整，没有保存。请打开此件补充提交。"
_NEVER_CAME = "没有传到。请打开此件补充提交。"


@dataclass(frozen=True, slots=True)
class FileOnHand:
    """A file that came in chunks and waits for its form."""

    key: str
    name: str
    kilobytes: int


def waiting_place(key: str) -> str:
    """Return under what the files of a form wait: made of its key, which must be in no address and no log.

    Who has the key of a form that was sent is shown its inquiry code again.
    """
    return sm3(f"files of form {key}".encode()).hex()[:32]


def forget_waiting(key: str) -> None:
    """Remove what waited for the form with this key, which was sent."""
    chunks.remove_form_uploads(waiting_place(key))


def sent_files(request: HttpRequest, instead: str, *, key: str = "") -> tuple[list[SentFile], list[NotArrived]]:
    """Return the files of a form, and those left out; `instead` is what to do with the ones that were too many.

    With its `key` also those that came before it in chunks.
    """
    sent: list[Any] = request.FILES.getlist("files")
    over = getattr(request, "files_left_out", [])
    left = [NotArrived(clean_name(name), too_big_message(settings.UPLOAD_MB * 2**20)) for name in over]
    pieces, missing = _from_chunks(request, key) if key else ([], [])
    files = [*pieces, *(SentFile(file.name or "", file.read()) for file in sent[:MAX_FILES])]
    left += missing
    left += [
        NotArrived(clean_name(name), f"一次最多{MAX_FILES}个文件，{instead}。")
        for name in (*(f.name for f in files[MAX_FILES:]), *(f.name or "" for f in sent[MAX_FILES:]))
    ]
    return files[:MAX_FILES], left


def _from_chunks(request: HttpRequest, key: str) -> tuple[list[SentFile], list[NotArrived]]:
    named = dict(zip(request.POST.getlist("piece"), request.POST.getlist("piece_name"), strict=False))
    whole: list[SentFile] = []
    left: list[NotArrived] = []
    for upload in chunks.form_uploads(waiting_place(key), list(named)):
        name = clean_name(named.pop(upload.key))
        try:
            if upload.received < upload.size:
                why = _NOT_WHOLE.format(received=upload.received // 1024, size=-(-upload.size // 1024))
                left.append(NotArrived(upload.name, why))
            else:
                whole.append(SentFile(upload.name, chunks.read_upload(upload)))
        except VaultError:
            left.append(NotArrived(name, _LOST))
    return whole, [*left, *(NotArrived(clean_name(name), _NEVER_CAME) for name in named.values())]


def files_context(request: HttpRequest, key: str, *, sent: bool) -> dict[str, Any]:
    """Return what the field for files needs: where chunks go, and what came of a form that is shown again."""
    wanted = request.POST.getlist("piece") if sent else []
    waiting = [
        FileOnHand(u.key, u.name, -(-u.size // 1024))
        for u in chunks.form_uploads(waiting_place(key), wanted)
        if u.received == u.size
    ]
    return {
        "most_mb": settings.UPLOAD_MB, "files_were_chosen": bool(request.FILES) if sent else False,
        "pieces_at": reverse("window-pieces", args=[waiting_place(key), "KEY"]), "piece": chunks.CHUNK_BYTES,
        "waiting": waiting,
    }  # fmt: skip
