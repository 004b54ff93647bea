"""What the two ways to the regional system have in common: messages out, receipts and matters in.

Plain data, no database.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from xinfang.procedure.errors import XinfangError
from xinfang.vault.hash_chain import canonical
from xinfang.vault.sm_ciphers import sm3

PROTOCOL_FORMAT = "xinfang-exchange-1"
_LONG_NUMBER = re.compile(r"\d{7,}")
MAX_REASON_CHARACTERS = 300


class RegionUnavailable(XinfangError):
    """The region could not be reached or gave no usable answer.

    Whether it has the message is unknown. Try again later.
    """


class RegionRefusesUs(XinfangError):
    """The region doesn't know us: no message is at fault, and trying on would not help."""


class InvalidExchangeData(XinfangError):
    """What came in can't be read; the text names the field, never its value."""


@dataclass(frozen=True)
class ExchangeMessage:
    """One message as it travels. `content` is canonical JSON; `digest` its SM3."""

    key: str
    content: bytes

    @property
    def digest(self) -> str:
        """The SM3 of its content, in hexadecimal digits."""
        return sm3(self.content).hex()


@dataclass(frozen=True)
class ExchangeReceipt:
    """What the region says of one message.

    Accepted under a number, refused for a reason, or only taken (neither: wait).
    """

    key: str
    accepted: bool = False
    number: str = ""
    refused: str = ""

    @property
    def final(self) -> bool:
        """Whether it is decided: accepted or refused."""
        return self.accepted or bool(self.refused)


@dataclass(frozen=True)
class RegionEntry:
    """One message as the region has it, for reconciliation."""

    key: str
    number: str
    digest: str


@dataclass(frozen=True)
class HandedDownMatter:
    """A matter that the bureau hands down. `persons` are as told: name, telephone, address, ID number."""

    number: str
    sender: str
    sent_on: date | None
    assigned: bool
    feedback_due: date | None
    channel: str
    """The code of 信访形式."""
    purpose: str
    """The code of 信访目的."""
    subject: str
    body: str
    group_size: int
    anonymous: bool
    persons: tuple[Mapping[str, str], ...]


class Region(Protocol):
    """The regional system. Every call may raise RegionUnavailable or RegionRefusesUs."""

    def send(self, message: ExchangeMessage) -> ExchangeReceipt:
        """Send one message, with its key; the same key again has no second effect."""
        ...

    def receipts(self, after: str) -> tuple[list[ExchangeReceipt], str]:
        """Return receipts after a mark, and the next mark; some may come twice."""
        ...

    def held(self) -> Iterable[RegionEntry]:
        """Yield everything it has from the department."""
        ...

    def handed_down(self) -> Iterable[HandedDownMatter | InvalidExchangeData]:
        """Yield matters for the department that it hasn't confirmed."""
        ...

    def confirm(self, number: str, ours: str) -> None:
        """Tell that a handed-down matter arrived, and under which of our numbers."""
        ...


def message_bytes(key: str, kind: str, content: Mapping[str, Any]) -> bytes:
    """Return a message's content as the bytes that are sent, hashed and kept."""
    return canonical({"format": PROTOCOL_FORMAT, "key": key, "kind": kind, **content}).encode("utf-8", "surrogatepass")


def tidy_region_text(text: object) -> str:
    """Return words of the region for pages: one line, cut, long numbers hidden, as they may be somebody's."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return _LONG_NUMBER.sub("****", line)[:MAX_REASON_CHARACTERS]


def read_json(data: bytes) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        InvalidExchangeData: this is no JSON object.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise InvalidExchangeData("内容不是 JSON") from None
    if not isinstance(found, dict):
        raise InvalidExchangeData("内容不是 JSON 对象")
    return found


def receipt_of(data: Mapping[str, Any]) -> ExchangeReceipt:
    """Return a receipt as the region writes it.

    Raises:
        InvalidExchangeData: it can't be read.
    """
    key, outcome = _text(data, "key", 40), _text(data, "outcome", 20)
    if outcome == "accepted":
        number = _text(data, "number", 200)
        if not number:
            raise InvalidExchangeData("回执没有对方编号 number")
        return ExchangeReceipt(key, accepted=True, number=number)
    if outcome == "refused":
        return ExchangeReceipt(key, refused=tidy_region_text(data.get("reason", "")) or "对方没有说明原因")
    if outcome == "taken":
        return ExchangeReceipt(key)
    raise InvalidExchangeData("回执的 outcome 不是 accepted、refused 或 taken")


def held_of(data: Mapping[str, Any]) -> RegionEntry:
    """Return one entry of what the region has.

    Raises:
        InvalidExchangeData: it can't be read.
    """
    return RegionEntry(_text(data, "key", 40), _text(data, "number", 200), _text(data, "digest", 64))


def handed_down_of(data: Mapping[str, Any]) -> HandedDownMatter:
    """Return a matter handed down.

    Raises:
        InvalidExchangeData: it can't be read.
    """
    record = data.get("record")
    if not isinstance(record, Mapping):
        raise InvalidExchangeData("转来件没有 record")
    people = data.get("persons", [])
    if not isinstance(people, list) or not all(isinstance(p, Mapping) for p in people):
        raise InvalidExchangeData("转来件的 persons 不是列表")
    number = _text(data, "number", 120)
    if not number:
        raise InvalidExchangeData("转来件没有编号 number")
    size = _text(record, "xfrs", 10) or "1"
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= 99999):
        raise InvalidExchangeData("转来件的信访人数 xfrs 不是人数")
    return HandedDownMatter(
        number=number,
        sender=_text(data, "sender", 200),
        sent_on=_day(data, "sent_on"),
        assigned=data.get("assigned") is True,
        feedback_due=_day(data, "feedback_due"),
        channel=_text(record, "xfxs", 10),
        purpose=_text(record, "xfmddm", 10),
        subject=_text(record, "gkxx", 4000),
        body=_text(record, "tsnr", 100_000),
        group_size=int(size),
        anonymous=_text(record, "nmbz", 1) == "1",
        persons=tuple({name: _text(p, theirs, 200) for name, theirs in _PERSON.items()} for p in people),
    )


_PERSON = {"name": "xm", "phone": "sjhm", "address": "zz", "id_number": "zjhm"}


def _text(data: Mapping[str, Any], name: str, most: int) -> str:
    value = data.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise InvalidExchangeData(f"{name} 不是 {most} 字以内的文字")
    return value


def _day(data: Mapping[str, Any], name: str) -> date | None:
    value = _text(data, name, 10)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise InvalidExchangeData(f"{name} 不是 2026-11-22 这样的日期") from None
