"""What a mailbox gets in a bad week: letters, and everything that is none. People and texts are invented."""

from email.message import EmailMessage
from email.policy import SMTP

from tests.attachments.made import pdf

TEXT = "我叫萨仁图雅，2026年科技特派员补助还没有发放，请求查明原因并补发。"


def letter(text: str = TEXT, *files: tuple[str, bytes], **head: str) -> EmailMessage:
    """A letter as a mail program sends it."""
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"] = "萨仁图雅 <saren@example.com>", "xinfang@example.com"
    found["Subject"], found["Date"] = "请求补发科技特派员补助", "Fri, 20 Nov 2026 09:32:00 +0800"
    found["Message-ID"] = "<letter-1@example.com>"
    for name, value in head.items():
        del found[name.replace("_", "-")]
        found[name.replace("_", "-")] = value
    found.set_content(text)
    for name, data in files:
        found.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return found


def a_letter(number: int, text: str = TEXT, *files: tuple[str, bytes], **head: str) -> bytes:
    """The same as bytes, with a Message-ID of its own."""
    return bytes(letter(text, *files, **{"Message_ID": f"<letter-{number}@example.com>", **head}))


def wrong_charset() -> bytes:
    """GBK in head and body, which say UTF-8."""
    return (
        b"From: =?utf-8?B?" + b"yPjIyg==" + b"?= <s@example.com>\r\nSubject: " + "关于补助".encode("gbk")
        + b"\r\nMessage-ID: <gbk@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + TEXT.encode("gbk") + b"\r\n"
    )  # fmt: skip


def broken_parts() -> bytes:
    """Parts whose boundary never comes, and a length that isn't so."""
    return (
        b"From: b@example.com\r\nSubject: broken\r\nMIME-Version: 1.0\r\nContent-Length: 99999999\r\n"
        b'Content-Type: multipart/mixed; boundary="never"\r\n\r\n--other\r\nContent-Type: text/plain\r\n\r\n'
        + TEXT.encode() + b"\r\n"
    )  # fmt: skip


def damaged_head() -> bytes:
    """A head with bytes of no set, a broken encoded word, a folded nothing and a parameter without end."""
    return (
        b'From: "\xff\xfe\x80 <x@example.com\r\nSubject: =?gb2312?B?xOPDhQ==?= =?broken\r\n \r\nTo:\r\n'
        b"Content-Type: text/plain; charset*0*=utf''%ZZ; charset=\"no-such-set\r\nContent-Transfer-Encoding: base64\r\n"
        b"\r\n!!!! not base64 at all \xe6\x88\x91\xe8\xa6\x81\xe5\x8f\x8d\xe6\x98\xa0 !!!!\r\n"
    )


def nested(layers: int) -> bytes:
    """Parts in parts in parts."""
    head = b"From: n@example.com\r\nSubject: nested\r\nMIME-Version: 1.0\r\n"
    body = b""
    for n in range(layers):
        body += f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode()
    return head + body + b"Content-Type: text/plain\r\n\r\nhello\r\n"


def auto_reply() -> bytes:
    """An answer of somebody's holiday."""
    return a_letter(101, "我正在休假，回来后答复。", Auto_Submitted="auto-replied (vacation)", Subject="自动回复")


def bounce() -> bytes:
    """A message that couldn't be delivered comes back (RFC 3464)."""
    return (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nTo: xinfang@example.com\r\nSubject: Undelivered\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\nMIME-Version: 1.0\r\n\r\n'
        b"--r\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; example.com\r\n\r\nFinal-Recipient: rfc822; x@example.com\r\nAction: failed\r\n\r\n"
        b"--r--\r\n"
    )


def going_round() -> bytes:
    """A message that two servers send each other."""
    hops = b"Received: from a.example.com by b.example.com; Fri, 20 Nov 2026 09:32:00 +0800\r\n" * 40
    return hops + a_letter(102, "循环")


def bulk() -> bytes:
    """A newsletter."""
    return a_letter(103, "双十一优惠", Precedence="bulk", List_Id="<news.example.com>")


def own() -> bytes:
    """A reminder of ours that somebody's server sent back."""
    return a_letter(104, "您的信访事项有新进展", Message_ID="<0123456789@xinfang.invalid>")


def delivered_twice() -> tuple[bytes, bytes]:
    """One letter that came over two ways: not the same bytes."""
    once = a_letter(105, "同一封信，经两个地址各来一次。")
    return once, b"Received: from other.example.com by example.com; Fri, 20 Nov 2026 09:33:00 +0800\r\n" + once


def with_files() -> bytes:
    """A letter with a paper, a program, and a file that says it is a paper and is none."""
    return a_letter(
        106, TEXT, ("申请书.pdf", pdf()), ("看照片.exe", b"MZ" + b"\0" * 200), ("证明.pdf", b"not a paper at all"),
        ("../../空.txt", b"")
    )  # fmt: skip


def too_big(megabytes: int) -> bytes:
    """A letter with one file over the limit."""
    return a_letter(107, TEXT, ("现场录像.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * megabytes * 2**20))
