"""Files of every kind, damaged in every way: to the check itself, through the page, and as workbooks."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.db import transaction

from tests.attachments import made
from tests.attachments.mails import eml, message, msg
from tests.fuzz import nasty, whole
from tests.fuzz.cases import Form, as_
from tests.fuzz.sending import SEED, Tally, so_many
from tests.urls import url
from xinfang.attachments.filecheck import FILE_KINDS, NotAccepted, check_file
from xinfang.attachments.models import Attachment

MOST = 2**20
GOOD: dict[str, Callable[[], bytes]] = {
    "png": made.png,
    "jpg": made.jpg,
    "gif": made.gif,
    "bmp": made.bmp,
    "webp": made.webp,
    "tiff": made.tiff,
    "heic": made.heic,
    "mp4": made.mp4,
    "mp3": made.mp3,
    "wav": made.wav,
    "pdf": made.pdf,
    "docx": made.docx,
    "xlsx": made.xlsx,
    "ofd": made.ofd,
    "doc": made.doc,
    "xls": made.xls,
    "ppt": made.ppt,
    "avif": made.avif,
    "aac": made.aac,
    "3gp": lambda: made.mp4(b"3gp4"),
    "eml": lambda: eml("补助未按时发放。", ("照片.jpg", made.jpg())),
    "msg": lambda: msg("补助未按时发放。", ("照片.jpg", made.jpg()), inner=message()),
    "txt": lambda: "补助未按时发放。\r\n".encode(),
}


def damaged(data: bytes, draw: Random, others: list[bytes]) -> bytes:
    """A file with some of it other than it was."""
    for _ in range(draw.choice((1, 1, 2, 5))):
        how, at = draw.randrange(8), draw.randrange(len(data) + 1)
        if how == 0:
            data = data[:at]
        elif how == 1:
            data = data[:at] + bytes(draw.randrange(256) for _ in range(draw.randrange(1, 9))) + data[at + 4 :]
        elif how == 2:
            data = data[:at] + draw.choice((b"\0", b"\xff", b"\x7f")) * draw.choice((1, 4, 4096)) + data[at:]
        elif how == 3:
            data += draw.choice(others)
        elif how == 4:
            # A number in it becomes huge: sizes, counts and places that files give of themselves.
            data = (
                data[:at] + draw.choice((b"\xff\xff\xff\x7f", b"\xff" * 8, b"\0" * 8, b"\x80\0\0\0")) + data[at + 4 :]
            )
        elif how == 5:
            data = data[:at] + data[at : at + 512] * 3 + data[at:]
        elif how == 6:
            data = draw.choice(others)[:64] + data
        else:
            data = bytes(draw.randrange(256) for _ in range(draw.choice((0, 1, 7, 300))))
        data = data[: 2 * MOST]
    return data


def named(draw: Random) -> str:
    stem = draw.choice(("照片", "a", nasty.text(draw)[:200], "." * 5, "..\\..\\x", "CON", "a.php"))
    return f"{stem}.{draw.choice((*GOOD, *FILE_KINDS, 'PDF', 'html', 'docm', 'zip', '', nasty.text(draw)[:20]))}"


def test_the_check_takes_or_says_why_not() -> None:
    draw, taken, refused = Random(SEED + 6), 0, 0
    files = {kind: make() for kind, make in GOOD.items()}
    others = list(files.values())
    faults: dict[str, str] = {}
    for kind, data in files.items():
        assert check_file(data, f"a.{kind}", most=MOST).kind
    for _ in range(so_many(900, 0.36)):
        kind = draw.choice(list(files))
        data, name = damaged(files[kind], draw, others), draw.choice((f"a.{kind}", named(draw)))
        try:
            found = check_file(data, name, most=MOST)
            assert 0 < len(found.name) <= 120 and found.size == len(data)
            taken += 1
        except NotAccepted as e:
            assert len(str(e)) > 8
            refused += 1
        except Exception as e:
            faults.setdefault(f"{type(e).__name__}: {e!s:.100}", f"{name!r} ({kind}, {len(data)}): {data[:600]!r}")
    print(f"\nfile check: {taken + refused} inputs (seed {SEED}), {taken} taken, {refused} refused")
    assert not faults, "\n".join(f"{k}\n  {v}" for k, v in faults.items())


@pytest.mark.django_db
def test_through_the_page(forms: list[Form], numbers: dict[str, str]) -> None:
    tally, draw, browser = Tally(), Random(SEED + 7), as_("clerk")
    number = numbers["heard"]
    files = {kind: make() for kind, make in GOOD.items()}
    others = list(files.values())
    had = Attachment.objects.count()
    for n in range(so_many(30, 0.03)):
        fields: nasty.Fields = {"what": [draw.choice(("evidence", nasty.text(draw)))], "key": [f"{n:016d}"]}
        sent = []
        for _ in range(draw.choice((1, 1, 1, 0, 3))):
            kind = draw.choice(list(files))
            data = files[kind] if draw.random() < 0.4 else damaged(files[kind], draw, others)
            name = draw.choice((f"a.{kind}".encode(), named(draw).encode("utf-8", "surrogatepass").replace(b'"', b"")))
            name = name.replace(b"\r", b"").replace(b"\n", b"")
            control = draw.choice((b"files", b"files", b"files", b"what", b"other"))
            sent.append((control, name, draw.choice((b"image/png", b"", b"text/html; charset=\xff", b"x/y")), data))
        body = nasty.multipart(fields, sent)
        if draw.random() < 0.25:
            body = nasty.spoiled(body, draw)
        kind_of_body = f"multipart/form-data; boundary={nasty.BOUNDARY.decode()}"
        extra: dict[str, Any] = {"HTTP_ACCEPT": "application/json"} if draw.random() < 0.5 else {}
        answer = browser.generic("POST", url("files-add", number), body, content_type=kind_of_body, **extra)
        tally.judge("files", answer, f"POST files {[(c, f, t, len(d)) for c, f, t, d in sent]} {body[:1000]!r}")
        if n % 10 == 9:
            place = Attachment.objects.filter(petition__number=number).count()
            browser.get(url("file", number, place))
            tally.judge("the case", browser.get(url("petition", number)), f"GET after {n} uploads")
    print(f"\n{Attachment.objects.count() - had} files were taken")
    assert Attachment.objects.count() > had
    for fault in whole.wrong_with_everything():
        tally.fault(fault, "at the end")
    tally.done("uploads")


@pytest.mark.django_db
@pytest.mark.parametrize("path", [url("calendar-import"), url("categories-import")])
def test_workbooks(forms: list[Form], path: str) -> None:
    tally, draw, browser = Tally(), Random(SEED + 8), as_("clerk")
    dates = "日期,类型,名称\n2031-01-01,放假,元旦\n2031-02-01至2031-02-07,放假,春节\n2031-02-08,上班,春节\n"
    good = [
        dates.encode(),
        "一级分类,二级分类,三级分类\n甲,乙,丙\n".encode(),
        dates.encode("gbk"),
        made.xlsx(),
        made.docx(),
        made.xls(),
    ]
    for n in range(so_many(25, 0.01)):
        data = draw.choice(good)
        if n > 3:
            data = damaged(data, draw, good)
        if draw.random() < 0.3:
            data = ",".join(nasty.text(draw) for _ in range(9)).encode() + b"\n" + data
        name = draw.choice((b"a.csv", b"a.xlsx", b"a.xls", b"a"))
        body = nasty.multipart({"origin": [nasty.text(draw)]}, [(b"file", name, b"text/csv", data)])
        with transaction.atomic():
            answer = browser.generic(
                "POST", path, body, content_type=f"multipart/form-data; boundary={nasty.BOUNDARY.decode()}"
            )
        tally.judge(path, answer, f"{name!r} {data[:600]!r}")
    for fault in whole.wrong_with_everything():
        tally.fault(fault, "at the end")
    tally.done("workbooks")
