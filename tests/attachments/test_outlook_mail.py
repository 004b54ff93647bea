"""A letter saved by Outlook (msg): read like any mail, and looked into by the same rules."""

import contextlib
import struct

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.attachments import made
from tests.attachments.mails import eml, message, msg, plain_rtf, properties
from xinfang.attachments.filecheck import FILE_KINDS, NotAccepted, check_file, rtf
from xinfang.attachments.mail_content import UnreadableMail, read_mail

MOST = 2**20
WORDS = "本人自2024年起担任科技特派员，\r\n补助没有发放。"
ATTACHED = "__attach_version1.0_#00000000"


def taken(data: bytes) -> str:
    return check_file(data, "来信.msg", most=MOST).kind.code


def refusal(data: bytes) -> str:
    with pytest.raises(NotAccepted) as refused:
        taken(data)
    assert "请" in str(refused.value)
    return str(refused.value)


def test_it_is_read_with_its_files() -> None:
    data = msg(WORDS, ("协议.pdf", made.pdf()), ("说明.docx", made.docx()))
    assert taken(data) == "msg" and FILE_KINDS["msg"].content_type == "application/octet-stream"
    found = read_mail(data)
    assert found.sender == "其木格 <someone@example.com>" and found.to == "科技厅信访"
    assert found.subject == "关于补助未发放的来信" and found.text == WORDS.replace("\r\n", "\n")
    assert found.sent == "Tue, 03 Nov 2026 09:32:00 +0800"
    assert [(f.number, f.name, f.data) for f in found.files] == [
        (1, "协议.pdf", made.pdf()),
        (2, "说明.docx", made.docx()),
    ]


def test_large_and_small_streams_are_read() -> None:
    long = "补助。" * 4000
    assert read_mail(msg(long)).text == long


def test_versions_of_before_unicode() -> None:
    found = read_mail(msg("请求补发", encoding="gb18030"))
    assert (found.text, found.subject) == ("请求补发", "关于补助未发放的来信")


def test_hypertext_where_there_is_no_plain_text() -> None:
    assert read_mail(msg("", html="<style>p{}</style><p>第一段</p><p>第二段</p>")).text == "第一段\n第二段"


def test_rich_text_where_there_is_nothing_else() -> None:
    said = (
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 Song;}}\uc1\f0 " + b"\\'b2\\'b9\\'d6\\'fa" + rb"\u26410?\par {\*\x y}OK}"
    )
    assert read_mail(msg("", rich=plain_rtf(said))).text == "补助未\nOK"


def test_hypertext_that_was_put_into_rich_text_loses_its_signs() -> None:
    said = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}}"
    )
    assert read_mail(msg("", rich=plain_rtf(said))).text == "Hello"


def test_packed_rich_text() -> None:
    # The example of MS-OXRTFCP 3.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.unpack(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_mail_in_a_mail_is_a_file_that_can_be_kept() -> None:
    data = msg("转来一封", inner=message("里面", ("照片.jpg", made.jpg()), head=24))
    assert taken(data) == "msg"
    [file] = read_mail(data).files
    assert file.name == "关于补助未发放的来信.eml" and check_file(file.data, file.name, most=MOST).kind.code == "eml"
    inside = read_mail(file.data)
    assert inside.text == "里面" and [f.data for f in inside.files] == [made.jpg()]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("程序.exe", b"MZ" + b"\0" * 99, "程序"),
        ("照片.jpg", b"MZ" + b"\0" * 99, "Windows 程序"),
        ("材料.zip", made.ofd(), "解压"),
        ("说明.docx", made.package({"word/vbaProject.bin": b"x"}), "宏"),
        ("来信.eml", eml("见附件", ("程序.exe", b"MZ" + b"\0" * 99)), "程序"),
    ],
)
def test_its_files_go_by_the_same_rules(name: str, data: bytes, words: str) -> None:
    said = refusal(msg("见附件", (name, data)))
    assert f"“{name}”" in said and words in said
    assert words in refusal(msg("转来", inner=message("见附件", (name, data), head=24)))


def test_a_text_that_acts_is_refused_also_in_a_mail_inside() -> None:
    html = "<html><script>alert(1)</script></html>"
    assert "脚本" in refusal(msg("正文", html=html))
    assert "脚本" in refusal(msg("转来", inner=message("正文", html=html, head=24)))


def test_objects_of_other_programs_are_refused() -> None:
    rich = plain_rtf(rb"{\rtf1 {\object\objemb{\*\objdata 0105}}}")
    assert "对象" in refusal(msg("正文", rich=rich))
    assert "对象" in refusal(msg("转来", inner=message("正文", rich=rich, head=24)))
    ole = {f"{ATTACHED}/__properties_version1.0": properties(8, {0x3705: 6})}
    assert "对象" in refusal(msg("正文", ("图", b"x"), **ole))


def test_a_file_that_is_only_linked_is_not_in_the_mail() -> None:
    linked = {f"{ATTACHED}/__properties_version1.0": properties(8, {0x3705: 7})}
    assert "链接" in refusal(msg("正文", ("材料.pdf", b""), **linked))


def test_the_place_of_a_file_in_rich_text_is_no_object() -> None:
    assert taken(msg("正文", ("照片.jpg", made.jpg()), rich=plain_rtf(rb"{\rtf1 {\*\objattph  }}"))) == "msg"


def test_a_calendar_entry_is_no_letter() -> None:
    assert "不是邮件" in refusal(msg("开会", **{"__substg1.0_001A001F": "IPM.Appointment".encode("utf-16-le")}))


def test_mails_inside_each_other_end_somewhere() -> None:
    whole = message("最里面", head=24)
    for _ in range(6):
        whole = message("转发", inner=whole, head=24)
    assert "层" in refusal(made.ole(message("转发", inner=whole), exact=True))


def test_streams_that_share_their_bytes_are_not_read_for_ever() -> None:
    files = [(f"{n}.txt", b"a" * 5000) for n in range(60)]
    data = msg("正文", *files)
    # Each file begins where the first one does and claims everything behind it.
    entry = "__substg1.0_37010102".encode("utf-16-le")
    first, place = None, data.find(entry)
    raw = bytearray(data)
    while place >= 0:
        first = raw[place + 116 : place + 120] if first is None else first
        raw[place + 116 : place + 120], raw[place + 120 : place + 124] = first, struct.pack("<I", 300_000)
        place = data.find(entry, place + 1)
    assert "损坏" in refusal(bytes(raw))


@pytest.mark.parametrize("size", [8, 512, 700, 1536, 3000])
def test_a_mail_that_was_cut_off_is_refused(size: int) -> None:
    assert refusal(msg(WORDS, ("照片.jpg", made.jpg()))[:size])


@drawn(st.binary(max_size=60), st.integers(0, 20_000))
def test_whatever_is_damaged_it_is_read_or_said_to_be_unreadable(junk: bytes, place: int) -> None:
    whole = msg(WORDS, ("照片.jpg", made.jpg()), inner=message(head=24), rich=plain_rtf(rb"{\rtf1 x}"))
    place %= len(whole)
    data = whole[:place] + junk + whole[place + len(junk) :]
    with contextlib.suppress(NotAccepted):
        check_file(data, "来信.msg", most=MOST)
    with contextlib.suppress(UnreadableMail):
        read_mail(data)


@drawn(st.binary(max_size=300))
def test_whatever_rich_text_comes_it_ends(junk: bytes) -> None:
    try:
        unpacked = rtf.unpack(struct.pack("<II4sI", len(junk) + 12, 500, b"LZFu", 0) + junk)
    except ValueError:
        unpacked = b""
    rtf.text_of(unpacked + junk, "gb18030").encode()
