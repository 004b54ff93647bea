"""Envelopes by GB/T 1416, one a page: DL (220 × 110 mm, a letter folded twice) and C4 (324 × 229 mm, unfolded)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinfang.papers.pdf.rendering import Unprintable, compile_template

from . import fonts as _fonts


class EnvelopeSize(StrEnum):
    """The size of an envelope."""

    DL = "dl"
    C4 = "c4"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The receiver of a letter, and its sender; `postcode` is empty where nobody knows it."""

    name: str
    address: str
    postcode: str
    sender: str
    sender_address: str


def render_envelopes(envelopes: Sequence[Envelope], size: EnvelopeSize, day: date) -> bytes:
    """Print one page an envelope, dated within the file.

    Raises:
        Unprintable: no font has a character of a name or address.
    """
    found = _fonts.font_set()
    rows = [
        {
            "name": e.name,
            "address": e.address,
            "postcode": e.postcode,
            "sender": e.sender,
            "sender_address": e.sender_address,
        }
        for e in envelopes
    ]
    said = json.dumps(rows, ensure_ascii=False)
    absent = _fonts.missing_characters(said, found)
    if absent:
        raise Unprintable(absent)
    data = {
        "form": "envelope",
        "size": size.value,
        "date": [day.year, day.month, day.day],
        "envelopes": rows,
        # What the templates of papers look for.
        "signer": "",
        "day": "",
    }
    return compile_template(data, found)
