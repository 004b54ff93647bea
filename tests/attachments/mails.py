"""E-mails as a mail program saves them, and as Outlook does (MS-OXMSG)."""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from tests.attachments import made


def mail(text: str = "请求补发补助。", *files: tuple[str, bytes], html: str = "") -> EmailMessage:
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"] = "其木格 <someone@example.com>", "xinfang@example.com"
    found["Subject"], found["Date"] = "关于补助未发放的来信", "Tue, 03 Nov 2026 09:32:00 +0800"
    found.set_content(text)
    if html:
        found.add_alternative(html, subtype="html")
    for name, data in files:
        found.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return found


def eml(text: str = "请求补发补助。", *files: tuple[str, bytes], html: str = "") -> bytes:
    return bytes(mail(text, *files, html=html))


SENT = datetime(2026, 11, 3, 1, 32, tzinfo=UTC)
_PROPERTIES = "__properties_version1.0"


def properties(head: int, numbers: Mapping[int, int] = {}, moments: Mapping[int, datetime] = {}) -> bytes:
    """Values of a fixed size, behind a head of so many bytes."""
    found = b"\0" * head
    for number, value in numbers.items():
        found += struct.pack("<HHIQ", 0x0003, number, 6, value)
    for number, moment in moments.items():
        ticks = int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        found += struct.pack("<HHIQ", 0x0040, number, 6, ticks)
    return found


def message(
    text: str = "请求补发补助。",
    *files: tuple[str, bytes],
    head: int = 32,
    html: str = "",
    rich: bytes = b"",
    encoding: str = "",
    inner: Mapping[str, bytes] | None = None,
    **streams: bytes,
) -> dict[str, bytes]:
    """The streams of a mail as Outlook saves it. With `encoding`, as a version of before Unicode does.

    `inner` is a mail in it; `streams` replace or add one each by its name.
    """
    words = {0x001A: "IPM.Note", 0x0037: "关于补助未发放的来信", 0x0C1A: "其木格", 0x0E04: "科技厅信访", 0x1000: text}
    kind = "001E" if encoding else "001F"
    found = {f"__substg1.0_{n:04X}{kind}": said.encode(encoding or "utf-16-le") for n, said in words.items() if said}
    found["__substg1.0_0C1F001F"] = "/O=EXAMPLE/CN=SOMEONE".encode("utf-16-le")
    found["__substg1.0_5D01001F"] = "someone@example.com".encode("utf-16-le")
    found[_PROPERTIES] = properties(head, {0x3FFD: 936, 0x3FDE: 65001}, {0x0039: SENT})
    if html:
        found["__substg1.0_10130102"] = html.encode()
    if rich:
        found["__substg1.0_10090102"] = rich
    for n, (name, data) in enumerate(files):
        place = f"__attach_version1.0_#{n:08X}"
        found[f"{place}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        found[f"{place}/__substg1.0_37010102"] = data
        found[f"{place}/{_PROPERTIES}"] = properties(8, {0x3705: 1})
    if inner is not None:
        place = f"__attach_version1.0_#{len(files):08X}"
        found[f"{place}/{_PROPERTIES}"] = properties(8, {0x3705: 5})
        found |= {f"{place}/__substg1.0_3701000D/{name}": data for name, data in inner.items()}
    return found | streams


def msg(text: str = "请求补发补助。", *files: tuple[str, bytes], **more: object) -> bytes:
    return made.ole(message(text, *files, **more), exact=True)  # type: ignore[arg-type]


def plain_rtf(rtf: bytes) -> bytes:
    """RTF in its envelope, not packed."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
