"""Files sent in chunks: after a broken connection a file goes on where it stopped, and nothing is kept in plain.

    GET  …/pieces/KEY/   {"received": bytes}, and {"added": place} once it is an attachment
    POST …/pieces/KEY/   name, what, size, offset and the file `piece`, which is the chunk: the same answer;
                         409 where the chunk isn't the next one, 422 {"refused": [sentences]} where the file isn't taken

KEY is 32 hexadecimal digits that the browser makes of the file, so the same file chosen again, even after a reload, is
known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.actions import chunks
from xinfang.attachments.actions.attach import DISK_WRITE_FAILED
from xinfang.attachments.actions.finished_uploads import accept_scan, attach_upload
from xinfang.attachments.filecheck import NotAccepted
from xinfang.cases.access import case_or_404
from xinfang.cases.actions.perform import why_not_allowed
from xinfang.core.disk_full import is_disk_full
from xinfang.procedure.rules import Refused
from xinfang.procedure.steps.attachments import Attach
from xinfang.procedure.visibility import REGISTERS_CASES, NotVisible
from xinfang.procedure.words import Material

if TYPE_CHECKING:
    from xinfang.attachments.models import Upload
    from xinfang.cases.models import Petition

KEY = re.compile(r"[0-9a-f]{32}")
_INCOMPLETE = "没有收到文件内容。请重新选择文件。"


@require_http_methods(["GET", "POST"])
@desk_page()
def of_case(request: DeskRequest, number: str, key: str) -> HttpResponse:
    """Take a chunk of an attachment, or tell how far it came."""
    petition = case_or_404(request, number).petition

    def finish(upload: Upload) -> None:
        if upload.added is None:
            attach_upload(upload, by=request.actor, staff=request.user)

    if request.method == "POST" and (reasons := why_not_allowed(Attach, petition.number, by=request.actor)):
        return _refused([str(r) for r in reasons])
    return _answer(request, petition, key, finish)


@require_http_methods(["GET", "POST"])
@desk_page(*REGISTERS_CASES)
def of_registration(request: DeskRequest, key: str) -> HttpResponse:
    """Take a chunk of a scan that is to be registered, or tell how far it came; POST with `remove` removes the scan."""

    def finish(upload: Upload) -> None:
        if not upload.whole:
            accept_scan(upload, staff=request.user)

    if request.method == "POST" and "remove" in request.POST:
        upload = found_or_404(request, key)
        chunks.remove_upload(upload)
        return HttpResponse()  # what htmx puts in the card's place
    return _answer(request, None, key, finish)


def found_or_404(request: DeskRequest, key: str) -> Upload:
    """Return this person's own scan.

    Raises:
        Http404: there is none.
    """
    upload = chunks.find_upload(request.user, None, key) if KEY.fullmatch(key) else None
    if upload is None:
        raise Http404
    return upload


def _answer(
    request: DeskRequest, petition: Petition | None, key: str, finish: Callable[[Upload], None]
) -> HttpResponse:
    begin = partial(chunks.begin_upload, request.user, petition, key)
    return answer_to_piece(request, key, lambda: chunks.find_upload(request.user, petition, key), begin, finish)


def answer_to_piece(
    request: HttpRequest,
    key: str,
    find: Callable[[], Upload | None],
    begin: Callable[..., Upload],
    finish: Callable[[Upload], None],
) -> HttpResponse:
    """Take a chunk of the file with this key, or tell how far it came.

    `begin` is called with its name, size and what it is; `finish` once all chunks are there.

    Raises:
        Http404: the key is none, or the case isn't this person's to see.
        OSError: the disk doesn't take the chunk, for another reason than being full.
    """
    if not KEY.fullmatch(key):
        raise Http404
    upload = find()
    if upload is not None and upload.added is not None and upload.added.withdrawal_id is not None:
        # Withdrawn since, and brought again.
        chunks.remove_upload(upload)
        upload = None
    try:
        if request.method == "POST":
            upload = _taken(request, begin, upload)
            if upload.received == upload.size:
                finish(upload)
    except NotAccepted as e:
        return _refused([str(e)])
    except Refused as e:
        return _refused([str(r) for r in e.reasons])
    except NotVisible:
        raise Http404 from None
    except chunks.ChunkOutOfOrder as e:
        return JsonResponse({"received": e.received}, status=409)
    except OSError as e:
        if is_disk_full(e):
            return _refused([DISK_WRITE_FAILED])
        raise
    return _says(upload)


def _taken(request: HttpRequest, begin: Callable[..., Upload], upload: Upload | None) -> Upload:
    """Return the upload with the chunk of this request.

    Raises:
        NotAccepted: the request isn't complete, or the file isn't taken.
    """
    sent = request.POST
    piece = request.FILES.get("piece")
    size, offset = _number(sent.get("size")), _number(sent.get("offset"))
    if piece is None or size is None or offset is None:
        raise NotAccepted(_INCOMPLETE)
    if upload is None:
        what = Material.get(sent.get("what")) or Material.OTHER
        upload = begin(name=sent.get("name", ""), size=size, what=what)
    if upload.received < upload.size:
        chunks.put_chunk(upload, offset, piece.read())
    return upload


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def _says(upload: Upload | None) -> JsonResponse:
    body: dict[str, int | bool] = {"received": upload.received if upload else 0}
    if upload is not None and upload.added is not None:
        body["added"] = upload.added.place
    elif upload is not None and (upload.whole or (upload.form and upload.received == upload.size)):
        body["added"] = True
    return JsonResponse(body)


def _refused(why: list[str]) -> JsonResponse:
    return JsonResponse({"refused": why}, status=422)
