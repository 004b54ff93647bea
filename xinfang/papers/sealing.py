"""The department's seal server, which seals an OFD electronically (GB/T 38540); docs/sealing.md says how it is asked.

Seals and their keys are never here. What comes back is taken only if it is what was sent, with a seal on a page of it;
whether its signature is genuine is for who reads it to verify.
"""

import http.client
import io
import json
import time
import zipfile
from urllib.parse import urlsplit

from django.conf import settings

from xinfang.attachments.filecheck import check_file
from xinfang.attachments.filecheck.kinds import NotAccepted
from xinfang.attachments.ofd_package import OfdPackage, element, text_of
from xinfang.core.http_lines import line_to
from xinfang.procedure.errors import XinfangError
from xinfang.vault.sm_ciphers import sm3

SECONDS = 15
"""For the whole answer: meanwhile the case is locked, and on SQLite nobody else can write."""
MAX_SEALED_BYTES = 50 * 2**20
_PIECE = 2**16
_ENTRY = "OFD.xml"
_MAX_REASON_CHARACTERS = 200


class NotSealed(XinfangError):
    """The seal server didn't give back the paper with a seal. Its text is a sentence for the clerk."""


def sealed(ofd: bytes) -> bytes:
    """Return the OFD as the seal server sealed it; as it is, where there is no such server.

    Raises:
        NotSealed: it refused, didn't answer in time, or gave back anything else.
    """
    if not settings.SEAL_URL:
        return ofd
    answer = _answer(ofd)
    _require_same_with_seal(ofd, answer)
    return answer


def _answer(ofd: bytes) -> bytes:
    at, ends = urlsplit(settings.SEAL_URL), time.monotonic() + SECONDS
    headers = {
        "Authorization": f"Bearer {settings.SEAL_TOKEN}",
        "Content-Type": "application/ofd",
        "Accept": "application/ofd",
        "Content-SM3": sm3(ofd).hex(),
    }
    line = line_to(at, SECONDS)
    try:
        line.request("POST", at.path or "/", ofd, headers)
        _wait_until(line, ends)
        answer = line.getresponse()
        data = _read(line, answer, ends)
    except (OSError, http.client.HTTPException):
        raise NotSealed("签章服务器没有按时答复") from None
    finally:
        line.close()
    if answer.status == 200:
        return data
    if answer.status in (400, 403, 409, 413, 422):
        raise NotSealed(f"签章服务器拒绝签章：{_reason(data) or answer.status}")
    raise NotSealed(f"签章服务器不能签章（答复 {answer.status}）")


def _read(line: http.client.HTTPConnection, answer: http.client.HTTPResponse, ends: float) -> bytes:
    """Read the answer within its time, however slowly it comes.

    Raises:
        NotSealed: it is too long.
    """
    data = b""
    while len(data) <= MAX_SEALED_BYTES:
        _wait_until(line, ends)
        piece = answer.read1(_PIECE)
        if not piece:
            return data
        data += piece
    raise NotSealed("签章服务器的答复过长")


def _wait_until(line: http.client.HTTPConnection, ends: float) -> None:
    """Let the next wait on the network end by then.

    Raises:
        TimeoutError: it is over.
    """
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if line.sock is not None:
        line.sock.settimeout(left)


def _reason(data: bytes) -> str:
    try:
        said = json.loads(data)["reason"]
    except (ValueError, KeyError, TypeError):
        return ""
    return " ".join(str(said).split())[:_MAX_REASON_CHARACTERS]


def _require_same_with_seal(sent: bytes, answer: bytes) -> None:
    """Let nothing be issued but what was sent, with a seal added.

    Raises:
        NotSealed: it is another file, or no page of it has a seal.
    """
    try:
        check_file(answer, "x.ofd", most=MAX_SEALED_BYTES)
        before, after = _parts(sent), _parts(answer)
        changed = any(after.get(name) != data for name, data in before.items() if name != _ENTRY)
        package = OfdPackage(answer)
        bodies = [text_of(body, "DocRoot") for body in package.xml(_ENTRY) if element(body, "DocRoot") is not None]
        stamps = [s for page in package.pages for s in page.body.stamps.get(page.ident, ()) if s.signature]
    except NotAccepted as e:
        raise NotSealed(f"签章服务器的答复不是可用的 OFD 文件：{e}") from None
    except (ValueError, KeyError, SyntaxError, OSError, zipfile.BadZipFile):
        raise NotSealed("签章服务器的答复不是可用的 OFD 文件") from None
    if changed or bodies != ["Doc_0/Document.xml"]:
        raise NotSealed("签章服务器送回的不是原来的文书")
    if not stamps:
        raise NotSealed("签章服务器送回的文书上没有印章")


def _parts(ofd: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(ofd)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
