"""The way over HTTP.

One connection, TLS checked against the machine's authorities, no redirects, a bound on time and size. What it expects
of the other side is written in docs/exchange.md.
"""

import http.client
import ssl
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from xinfang.core.http_lines import line_to
from xinfang.exchange.protocol import (
    ExchangeMessage,
    ExchangeReceipt,
    HandedDownMatter,
    InvalidExchangeData,
    RegionEntry,
    RegionRefusesUs,
    RegionUnavailable,
    handed_down_of,
    held_of,
    read_json,
    receipt_of,
    tidy_region_text,
)

MAX_ANSWER_BYTES = 16 * 1024 * 1024
MAX_ANSWER_PAGES = 100_000
T = TypeVar("T")


class HttpRegion:
    """The region over HTTP.

    `url` without a trailing slash, `token` for Authorization: Bearer; `timeout` in seconds for each wait on the
    network.
    """

    def __init__(self, url: str, token: str, timeout: float = 20) -> None:
        self._at = urlsplit(url)
        self._path = self._at.path.rstrip("/")
        self._token, self._timeout = token, timeout
        self._line: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def send(self, message: ExchangeMessage) -> ExchangeReceipt:
        """Send one message and return its receipt; its key makes a second try harmless.

        Raises:
            RegionUnavailable: there is no usable answer; whether the message arrived is unknown.
        """
        headers = {"Idempotency-Key": message.key, "Content-SM3": message.digest}
        status, data = self._ask("POST", "/entries", message.content, headers)
        if status in (400, 409, 413, 422):
            return ExchangeReceipt(message.key, refused=_why(data) or f"对方答复 {status}")
        receipt = _usable(lambda: receipt_of(read_json(data)))
        if receipt.key != message.key:
            raise RegionUnavailable("答复的是另一件")
        return receipt

    def receipts(self, after: str) -> tuple[list[ExchangeReceipt], str]:
        """Return one page of receipts after a mark, and the next mark; a receipt that can't be read is left out."""
        _, data = self._ask("GET", f"/receipts?after={quote(after, safe='')}")
        page = _usable(lambda: read_json(data))
        found: list[ExchangeReceipt] = []
        for row in _rows(page, "receipts"):
            try:
                found.append(receipt_of(row))
            except InvalidExchangeData:
                # One receipt that can't be read must not hold up the others; reconciliation shows what it was about.
                continue
        return found, str(page.get("next") or "")[:200]

    def held(self) -> Iterable[RegionEntry]:
        """Yield everything that it has from the department, page by page."""
        return (_usable(partial(held_of, row)) for row in self._pages("/entries", "entries"))

    def handed_down(self) -> Iterable[HandedDownMatter | InvalidExchangeData]:
        """Yield matters for the department; in place of one that can't be read the error that says why."""
        for row in self._pages("/handed-down", "matters"):
            try:
                yield handed_down_of(row)
            except InvalidExchangeData as e:
                yield e

    def confirm(self, number: str, ours: str) -> None:
        """Confirm that a matter was registered here, under the number `ours`."""
        body = f'{{"number":"{ours}"}}'.encode()
        self._ask("POST", f"/handed-down/{quote(number, safe='')}/received", body)

    def _pages(self, path: str, name: str) -> Iterator[dict[str, Any]]:
        after = ""
        for _ in range(MAX_ANSWER_PAGES):
            _, data = self._ask("GET", f"{path}?after={quote(after, safe='')}")
            page = _usable(partial(read_json, data))
            yield from _rows(page, name)
            following = str(page.get("next") or "")[:200]
            if not following or following == after:
                return
            after = following

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        sent = {"Authorization": f"Bearer {self._token}", "Accept": "application/json", **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json; charset=utf-8"
        try:
            line = self._connected()
            line.request(method, f"{self._path}{path}", body, sent)
            answer = line.getresponse()
            data = answer.read(MAX_ANSWER_BYTES + 1)
        except (OSError, http.client.HTTPException) as e:
            # A certificate that doesn't hold ends up here, too: nothing was sent.
            self.close()
            raise RegionUnavailable(_line_trouble(e)) from None
        if answer.will_close or len(data) > MAX_ANSWER_BYTES:
            self.close()
        if len(data) > MAX_ANSWER_BYTES:
            raise RegionUnavailable("答复过长")
        if answer.status in (401, 403):
            raise RegionRefusesUs(f"对方不接受我们的令牌（{answer.status}）")
        if answer.status in (200, 201, 202) or (method == "POST" and answer.status in (400, 409, 413, 422)):
            return answer.status, data
        raise RegionUnavailable(f"对方答复 {answer.status}")

    def _connected(self) -> http.client.HTTPConnection:
        if self._line is None:
            self._line = line_to(self._at, self._timeout)
        return self._line


def _line_trouble(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "对方的证书不能确认"
    if isinstance(error, TimeoutError):
        return "对方没有按时答复"
    if isinstance(error, ConnectionRefusedError):
        return "对方没有开机或端口不对"
    return "连接中断"


def _rows(page: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = page.get(name, [])
    return [r for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []


def _why(data: bytes) -> str:
    try:
        return tidy_region_text(read_json(data).get("reason", ""))
    except InvalidExchangeData:
        return ""


def _usable(read: Callable[[], T]) -> T:
    """Return what an answer says.

    Raises:
        RegionUnavailable: it can't be read, and tells nothing of whether the message arrived.
    """
    try:
        return read()
    except InvalidExchangeData as e:
        raise RegionUnavailable(f"对方的答复不能识别：{e}") from None
