"""Asks a ClamAV daemon whether content holds a virus: its INSTREAM command, over a socket on this machine or another.

Nothing is assumed: no clear answer is `ScannerUnavailable`, and the caller then takes no file.
"""

import socket
import struct

from xinfang.procedure.errors import XinfangError

_PIECE = 1 << 20
_SECONDS = 60.0
"""For the whole answer; a large archive takes a scanner some seconds."""
_SECONDS_TO_SAY_SO = 5.0


class ScannerUnavailable(XinfangError):
    """The scanner can't be reached or gave no verdict. Its text is for the log, not for the clerk."""


def scan_for_virus(data: bytes, address: str) -> str:
    """Return the name of the virus found, or an empty text. `address` is a socket's path or host:port.

    Raises:
        ScannerUnavailable: it doesn't answer, or not as expected.
    """
    try:
        with _connected(address) as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _PIECE):
                piece = data[start : start + _PIECE]
                link.sendall(struct.pack("!I", len(piece)) + piece)
            link.sendall(struct.pack("!I", 0))
            answer = _answer(link)
    except OSError as e:
        # A daemon that refuses the size hangs up in the middle, which looks the same.
        raise ScannerUnavailable(type(e).__name__) from None
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer[len("stream: ") : -len(" FOUND")][:100]
    raise ScannerUnavailable(answer[:100])


def scanner_answers(address: str) -> bool:
    """Tell whether the scanner says that it is there, within a few seconds."""
    try:
        with _connected(address, _SECONDS_TO_SAY_SO) as link:
            link.sendall(b"zPING\0")
            return _answer(link) == "PONG"
    except (OSError, ScannerUnavailable):
        return False


def _connected(address: str, seconds: float = _SECONDS) -> socket.socket:
    if "/" in address:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(seconds)
            link.connect(address)
        except BaseException:
            link.close()
            raise
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _answer(link: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < 4096:
        piece = link.recv(4096)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
