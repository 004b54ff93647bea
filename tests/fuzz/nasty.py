"""Values that forms don't expect, and ways in which a body can be other than a browser would send it.

Everything is drawn from one `random.Random`, so that a seed and a place in its row make the same input again.
"""

from collections.abc import Mapping, Sequence
from random import Random
from urllib.parse import quote_from_bytes, quote_plus

Fields = dict[str, list[str]]
"""A form as it is sent: each control with its values, in order."""

BIG = 10 * 2**20
"""Bytes of the longest texts; few are sent, as each takes a tenth of a second."""

TEXTS = (
    "",
    " ",
    "\u3000\ufeff",
    "\x00",
    "甲\x00乙",
    "\x01\x08\x1b[31m",
    "\u202e文书\u202c",
    "\u2066\u2069\u200e\u061c",
    "\u200b\u200d",
    "\ufffe\uffff\ufdd0",
    "\U0001f600\U000e0041\U0010ffff",
    "𠮷𡃁\U0003134a",
    "é" * 50,
    "\u0301" * 500,
    "ﷺ" * 300,
    "' OR 1=1 --",
    "'; DROP TABLE cases_petition; --",
    '"); DELETE FROM cases_event; --',
    "%' ESCAPE '\\' UNION SELECT password FROM accounts_staff --",
    "%s %(x)s %% {0} {x!r} %n",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea></form><form action=//x.example>",
    "&lt;&#0;&#x110000;&nbsp;",
    "{{ 7*7 }}{% debug %}{% include '/etc/passwd' %}",
    "{% csrf_token %}{{ request.user.password }}",
    "${7*7}#{7*7}<%= 7*7 %>",
    '#read("/etc/passwd") #eval("1") $ x $ @a <b> *c* _d_ `e`',
    "#set page(width: 0pt)\n#while true {}",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "..\\..\\x\x00.jpg",
    "null",
    "None",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "true",
    "[]",
    "{}",
    "[null]",
    '{"a": null}',
    "0",
    "-1",
    "1e309",
    "1_000",
    "0x10",
    "٣",
    "①",
    "½",
    "１２",
    "999999",
    "1000001",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "9" * 60,
    "9" * 5000,
    "1" + "0" * 400,
    "2026-02-30",
    "2026-13-01",
    "0000-00-00",
    "0001-01-01",
    "1989-12-31",
    "1990-01-01",
    "2099-12-31",
    "2100-12-31",
    "2101-01-01",
    "9999-12-31",
    "10000-01-01",
    "-2026-01-01",
    "2026-W10-1",
    "20260302",
    "2026-03-02T10:00:00Z",
    "2026年3月2日",
    "1900-02-29",
    "on",
    "off",
    "yes",
    "no",
    "是",
    "maybe",
    "a" * 201,
    "长" * 2_001,
    "长" * 20_001,
    "\r\n" * 3_000,
    "\t" * 100,
    "甲\r乙\r\n丙\u2028丁\u2029戊\x85己",
)

RAW = (
    b"%ED%A0%80",  # a lone surrogate
    b"%ED%BF%BF%ED%A0%BD",
    b"%FF%FE",
    b"%C0%80",  # an overlong NUL
    b"%F4%90%80%80",  # beyond Unicode
    b"%E4%B8",  # a character cut in the middle
    b"%",
    b"%zz%0",
    b"%u4E2D",
    "中文".encode("gbk"),
    "中文".encode("utf-16"),
    "é".encode("latin-1"),
    b"\x00\x01\xfe\xff",
    b"+%2B+%26%3D",
)
"""Bytes as they are in a body or an address."""


def text(draw: Random, known: Sequence[str] = ()) -> str:
    """One value: a listed one, one that means something elsewhere, or characters from anywhere."""
    which = draw.random()
    if known and which < 0.3:
        return draw.choice(known)
    if which < 0.8:
        return draw.choice(TEXTS)
    if which < 0.9:
        return "".join(chr(point(draw)) for _ in range(draw.randrange(1, 40)))
    return draw.choice(TEXTS)[:3_000] + draw.choice(TEXTS)[:3_000]


def point(draw: Random) -> int:
    """Any character but a surrogate, which no body can spell in UTF-8 (RAW has those)."""
    where = draw.choice(
        ((0, 0x20), (0x20, 0x7F), (0x80, 0x300), (0x2000, 0x2100), (0x4E00, 0x9FFF), (0xE000, 0x10FFFF))
    )
    return draw.randrange(*where)


def changed(fields: Mapping[str, Sequence[str]], draw: Random, known: Sequence[str]) -> Fields:
    """The form with one to four things about it other than they should be."""
    found: Fields = {name: list(values) for name, values in fields.items()}
    for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 4))):
        names = list(found) or ["x"]
        name = draw.choice(names)
        what = draw.random()
        if what < 0.55:
            found[name] = [text(draw, known)]
        elif what < 0.65:
            found.pop(name, None)
        elif what < 0.75:
            found[name] = [*found.get(name, []), *(text(draw, known) for _ in range(draw.choice((1, 1, 2, 30))))]
        elif what < 0.80:
            other = draw.choice(names)
            found[name], found[other] = found.get(other, []), found.get(name, [])
        elif what < 0.87:
            # Rows that aren't there: far away, negative, in other digits.
            place = draw.choice(("0", "1", "99", "101", "9999", "99999", "-1", "٣", "__i__", ""))
            stem, _, last = name.rpartition("-")
            found[f"{stem.rpartition('-')[0] or name}-{place}-{last}"] = [text(draw, known)]
        elif what < 0.93:
            found[draw.choice((name + "-0-name", name + "[]", name.upper(), "", "__proto__", text(draw)[:60]))] = ["x"]
        elif what < 0.96:
            found |= {f"persons-{i}-name": ["某"] for i in range(draw.choice((1, 6, 120)))}
        else:
            found[draw.choice(("key", "seen", "next", "first", "repeat_of", "do", "request"))] = [text(draw, known)]
    return found


def urlencoded(fields: Mapping[str, Sequence[str]], draw: Random | None = None) -> bytes:
    """The body of a form; with `draw`, one value in some is bytes that are no UTF-8."""
    pairs = [(quote_plus(name).encode(), quote_plus(v).encode()) for name, values in fields.items() for v in values]
    if draw and pairs and draw.random() < 0.12:
        place = draw.randrange(len(pairs))
        name, value = pairs[place]
        raw = draw.choice(RAW)
        pairs[place] = (name, draw.choice((raw, value + raw, raw + value))) if draw.random() < 0.8 else (raw, value)
    return b"&".join(name + b"=" + value for name, value in pairs)


BOUNDARY = b"----fuzz"


def multipart(
    fields: Mapping[str, Sequence[str]], files: Sequence[tuple[bytes, bytes, bytes, bytes]] = (), end: bytes = b"--\r\n"
) -> bytes:
    """The body of a form with files: (control, file name, type, content)."""
    parts = [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (_quoted(name), v.encode())
        for name, values in fields.items()
        for v in values
    ]
    parts += [
        b'Content-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s\r\n\r\n%s' % file
        for file in files
    ]
    return b"".join(b"--" + BOUNDARY + b"\r\n" + p + b"\r\n" for p in parts) + b"--" + BOUNDARY + end


def _quoted(name: str) -> bytes:
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ").encode()


def spoiled(body: bytes, draw: Random) -> bytes:
    """A body in which something is torn, doubled or turned over."""
    if not body:
        return bytes(draw.randrange(256) for _ in range(20))
    at = draw.randrange(len(body))
    how = draw.randrange(6)
    if how == 0:
        return body[:at]
    if how == 1:
        return body[:at] + bytes([draw.randrange(256)]) + body[at + 1 :]
    if how == 2:
        return body[:at] + body[at:][:200] * 3 + body[at:]
    if how == 3:
        return body.replace(b"\r\n", b"\n")
    if how == 4:
        return body.replace(b"form-data", draw.choice((b"attachment", b"", b"form-data; form-data", b"x" * 2_000)), 1)
    return body[at:] + body[:at]


TYPES = (
    "application/x-www-form-urlencoded; charset=utf-8",
    "application/x-www-form-urlencoded; charset=gbk",
    "application/x-www-form-urlencoded; charset=nothing-like-it",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=----other",
    f"multipart/form-data; boundary={'b' * 300}",
    "multipart/form-data; boundary=\u4e2d",
    "multipart/mixed; boundary=----fuzz",
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "",
    "/",
    "text/xml; charset=" + "x" * 500,
)
"""What a body may say that it is."""

JSON = (
    b"null",
    b"[]",
    b"{}",
    b'{"fields": null}',
    b'{"fields": {"a": [null]}}',
    b'{"a": 1e999}',
    b"[" * 5_000,
    b'"\\ud800"',
    b"\xff",
)


def address(draw: Random, known: Sequence[str]) -> str:
    """One part of an address, percent-encoded."""
    if draw.random() < 0.25:
        return draw.choice(RAW).decode("latin-1").encode("ascii", "ignore").decode() or "%00"
    given = text(draw, known)[:300]
    return quote_from_bytes(given.encode("utf-8", "surrogatepass"), safe="") or "%20"
