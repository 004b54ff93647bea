"""What is attached to a case is what its name says, opens nothing by itself, and doesn't explode: real files each."""

import io
import struct
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attachments import made
from tests.attachments.mails import eml, msg
from xinfang.attachments.filecheck import FILE_KINDS, NotAccepted, accept_attribute, check_file, clean_name

MOST = 50 * 2**20


def accepted(data: bytes, name: str) -> str:
    return check_file(data, name, most=MOST).kind.code


def refusal(data: bytes, name: str, most: int = MOST) -> str:
    with pytest.raises(NotAccepted) as refused:
        check_file(data, name, most=most)
    sentence = str(refused.value)
    assert (sentence.endswith("。") and "请" in sentence) or "可以接收" in sentence, sentence
    return sentence


GOOD = {
    "来信.pdf": made.pdf(),
    "照片.jpg": made.jpg(),
    "照片.JPEG": made.jpg(),
    "截图.png": made.png(),
    "图.gif": made.gif(),
    "图.webp": made.webp(),
    "图.bmp": made.bmp(),
    "扫描.tif": made.tiff(),
    "扫描.tiff": made.tiff(order=">"),
    "手机照片.heic": made.heic(),
    "说明.doc": made.doc(),
    "说明.wps": made.doc(),
    "表.xls": made.xls(),
    "表.et": made.xls(),
    "汇报.ppt": made.ppt(),
    "说明.docx": made.docx(),
    "表.xlsx": made.xlsx(),
    "汇报.pptx": made.package({"ppt/presentation.xml": b"<p/>"}, type=made.SLIDES),
    "公文.ofd": made.ofd(),
    "记录.txt": "如实记录\n".encode(),
    "旧记录.txt": "如实记录\r\n".encode("gb18030"),
    "记事本.txt": "如实记录".encode("utf-16"),
    "录音.mp3": made.mp3(),
    "录音2.mp3": b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 30 + made.mp3(),
    "录音.wav": made.wav(),
    "录音.amr": b"#!AMR\n" + b"\x3c" * 40,
    "录音.m4a": made.mp4(b"M4A "),
    "录音3.m4a": made.mp4(b"mp42"),
    "录像.mp4": made.mp4(),
    "录音.3gp": made.mp4(b"3gp4"),
    "录音.aac": made.aac(),
    "照片.avif": made.avif(),
    "来信.eml": eml(),
    "来信.msg": msg(),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_an_office_gets_is_taken(name):
    assert f".{name.rpartition('.')[2].lower()}" in accept_attribute(FILE_KINDS).split(",")
    assert name.rpartition(".")[2].lower() in FILE_KINDS[accepted(GOOD[name], name)].endings


def test_every_kind_is_among_the_good_ones():
    assert {accepted(data, name) for name, data in GOOD.items()} == set(FILE_KINDS)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("照片.jpg", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "网页"),
        ("照片.jpg", b"MZ" + b"\0" * 200, "Windows 程序"),
        ("来信.pdf", made.docx(), "Word 文档"),
        ("来信.docx", made.pdf(), "PDF 文件"),
        ("表.xlsx", made.docx(), "Word 文档"),
        ("说明.docx", made.doc(), "Word 97"),
        ("图.png", made.jpg(), "JPEG 图片"),
        ("录音.mp3", made.png(), "PNG 图片"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
        ("网页.html", b"<html></html>", "网页"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("材料.zip", made.ofd(), "压缩包"),
        ("材料.rar", b"Rar!\x1a\x07\0", "解压"),
        ("说明.rtf", b"{\\rtf1}", "RTF"),
        ("录像.mov", made.mp4(b"qt  "), "MP4"),
        ("程序.exe", b"MZ", "不接收程序"),
        ("程序.xyz", b"MZ", "扩展名"),
        ("没有扩展名", made.pdf(), "没有扩展名"),
        ("空.pdf", b"", "空的"),
        ("说明.txt", b"\x00\x01\x02\x03", "不是文本文件"),
        ("说明.txt", b"  <html><body>hi</body></html>", "网页"),
        ("图.gif", b"GIF89a/*" + b"\x80\0\0" + b"*/=1;<script>alert(1)</script>", "网页代码"),
        ("图.jpg", made.jpg(comment=b"<script src=x></script>"), "网页代码"),
    ],
)
def test_the_content_must_be_what_the_name_says(name, data, words):
    assert words in refusal(data, name)


def test_a_file_that_is_two_things_is_refused():
    assert "压缩包" in refusal(made.jpg() + made.docx(), "照片.jpg")
    assert "压缩包" in refusal(made.pdf(end=b"") + b"%%EOF\n" + made.docx(), "来信.pdf")
    assert "同时也是一个 PDF" in refusal(made.jpg(comment=made.pdf()[:200]), "照片.jpg")
    assert "同时也是一个 PDF" in refusal(b"%comment\n" + made.pdf(), "记录.txt")


def test_a_file_over_the_limit_is_told_the_limit():
    assert "1 MB" in refusal(made.pdf() + b"%" * 2**20, "来信.pdf", most=2**20)


class TestMacros:
    def test_a_macro_document_renamed_to_docx(self):
        renamed = made.package(
            {"word/vbaProject.bin": made.ole({"VBA/dir": b"x"})}, type="ms-word.document.macroEnabled.main"
        )
        assert "宏" in refusal(renamed, "说明.docx")

    def test_a_macro_project_where_the_types_say_nothing(self):
        assert "宏" in refusal(made.docx(word__vbaProject_bin=b"", **{"word__vbaProject.bin": b"x"}), "说明.docx")

    def test_by_its_name(self):
        assert "宏" in refusal(made.docx(), "说明.docm")

    @pytest.mark.parametrize("path", ["Macros__VBA__dir", "_VBA_PROJECT_CUR__VBA__dir", "ObjectPool__x__VBA__dir"])
    def test_old_office(self, path):
        assert "宏" in refusal(made.doc(**{path: b"x"}), "说明.doc")

    def test_an_equation_in_a_document_is_no_program(self):
        assert accepted(
            made.docx(**{"word__embeddings__oleObject1.bin": made.ole({"Equation Native": b"x"})}), "公式.docx"
        )

    def test_a_packed_program_in_a_document(self):
        packed = made.ole({"\x01Ole10Native": b"MZ"})
        assert "嵌有其他程序" in refusal(made.docx(**{"word__embeddings__oleObject1.bin": packed}), "说明.docx")
        assert "嵌有其他程序" in refusal(made.doc(**{"ObjectPool__1__\x01Ole10Native": b"MZ"}), "说明.doc")

    def test_a_template_from_elsewhere(self):
        link = (
            b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/attachedTemplate" Target="http://example.invalid/x.dotm" TargetMode="External"/>'
            b"</Relationships>"
        )
        assert "从别处取" in refusal(made.docx(**{"word___rels__settings.xml.rels": link}), "说明.docx")


class TestArchivesInside:
    def test_a_bomb_is_small_and_refused(self):
        bomb = made.bomb()
        assert len(bomb) < 2**20
        assert "压缩炸弹" in refusal(bomb, "说明.docx")

    def test_a_bomb_that_lies_about_its_size(self):
        whole = bytearray(made.bomb(8 * 2**20))
        # The directory's entry of the picture now says one hundred bytes.
        place = whole.rfind(b"PK\x01\x02")
        whole[place + 24 : place + 28] = struct.pack("<I", 100)
        refusal(bytes(whole), "说明.docx")

    def test_entries_that_share_their_bytes(self):
        whole = bytearray(made.package({"a.xml": b"x" * 500, "b.xml": b"x" * 500}, stored=True))
        first = whole.find(b"PK\x01\x02", whole.find(b"PK\x01\x02") + 1)
        second = whole.find(b"PK\x01\x02", first + 1)
        whole[second + 42 : second + 46] = whole[first + 42 : first + 46]
        refusal(bytes(whole), "说明.docx")

    def test_too_many_entries(self):
        assert "压缩炸弹" in refusal(made.package({f"x/{n}.xml": b"" for n in range(5001)}), "说明.docx")

    @pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "word\\..\\x", "C:/x"])
    def test_a_path_that_leads_out(self, path):
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = path
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            archive.writestr("[Content_Types].xml", made.TYPES.format(part="x", type=made.WORD))
            archive.writestr(entry, b"x")
        assert "路径" in refusal(whole.getvalue(), "说明.docx")

    def test_a_link(self):
        entry = zipfile.ZipInfo("word/link")
        entry.external_attr = 0o120777 << 16
        whole = io.BytesIO(made.docx())
        with zipfile.ZipFile(whole, "a") as archive:
            archive.writestr(entry, b"/etc/passwd")
        assert "路径" in refusal(whole.getvalue(), "说明.docx")

    def test_an_archive_or_program_inside(self):
        assert "压缩包或程序" in refusal(made.docx(**{"word__media__x.zip": made.ofd()}), "说明.docx")
        assert "压缩包或程序" in refusal(made.docx(**{"word__media__x.png": b"MZ\x90"}), "说明.docx")
        assert "压缩包或程序" in refusal(made.docx(**{"word__activeX__activeX1.xml": b"<x/>"}), "说明.docx")

    def test_the_table_behind_a_chart_is_looked_through_but_no_deeper(self):
        assert accepted(made.docx(**{"word__embeddings__sheet.xlsx": made.xlsx()}), "图表.docx") == "docx"
        macro = made.package({"xl/vbaProject.bin": b"x"}, type=made.SHEET)
        assert "宏" in refusal(made.docx(**{"word__embeddings__sheet.xlsx": macro}), "图表.docx")
        deeper = made.docx(**{"word__embeddings__a.docx": made.docx(**{"word__embeddings__b.docx": made.docx()})})
        assert "压缩包或程序" in refusal(deeper, "图表.docx")

    def test_a_damaged_one(self):
        whole = bytearray(made.docx())
        whole[whole.find(b"word/document.xml") + 20] ^= 0xFF
        refusal(bytes(whole), "说明.docx")


class TestLocked:
    def test_office_with_a_password(self):
        assert "密码" in refusal(made.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "说明.docx")

    def test_old_office_with_a_password(self):
        assert "密码" in refusal(
            made.ole({"WordDocument": b"\xec\xa5\xc1\0" + b"\0" * 6 + b"\0\x01" + b"\0" * 90}), "说明.doc"
        )
        filepass = b"\x09\x08\x10\x00" + b"\0" * 16 + b"\x2f\x00\x06\x00" + b"\1" * 6
        assert "密码" in refusal(made.ole({"Workbook": filepass}), "表.xls")
        user = b"\0\0\xf6\x0f\x14\0\0\0\x14\0\0\0\xdf\xc4\xd1\xf3"
        assert "密码" in refusal(made.ole({"PowerPoint Document": b"\x0f\0", "Current User": user}), "汇报.ppt")

    def test_a_locked_entry(self):
        whole = bytearray(made.ofd())
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = whole.find(mark)
            while at >= 0:
                whole[at + place] |= 1
                at = whole.find(mark, at + 1)
        assert "加密" in refusal(bytes(whole), "公文.ofd")

    def test_a_pdf_with_a_password(self):
        locked = made.pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 3 0 R")
        assert "密码" in refusal(locked, "来信.pdf")


class TestPdf:
    @pytest.mark.parametrize(
        ("inside", "words"),
        [
            (b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "脚本"),
            (b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>", "脚本"),
            (b"/OpenAction << /S /Launch /F (cmd.exe) >>", "启动其他程序"),
            (b"/Annots [ << /Subtype /RichMedia >> ]", "动画"),
        ],
    )
    def test_what_acts_by_itself_is_refused_wherever_it_stands(self, inside, words):
        assert words in refusal(made.pdf(inside), "来信.pdf")
        assert words in refusal(made.pdf_with_packed_objects(inside), "来信.pdf")
        # Behind a word that looks like the start of a stream, which some checkers skip.
        assert words in refusal(made.pdf(b"% stream\n" + inside + b"\n% endstream\n"), "来信.pdf")

    def test_ordinary_packed_objects_are_taken(self):
        assert accepted(made.pdf_with_packed_objects(b"<< /Type /Page >>"), "来信.pdf") == "pdf"

    def test_packed_so_that_nobody_can_look(self):
        assert "压缩方式" in refusal(
            made.pdf_with_packed_objects(b"x", filters=b"[/ASCIIHexDecode /FlateDecode]"), "来信.pdf"
        )

    def test_a_bomb(self):
        assert "异常地大" in refusal(made.pdf_with_packed_objects(b"\0" * (65 * 2**20)), "来信.pdf")

    def test_cut_off(self):
        assert "不完整" in refusal(made.pdf(end=b""), "来信.pdf")


class TestPictures:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("图.png", made.png(60000, 60000)),
            ("图.jpg", made.jpg(65000, 65000)),
            ("图.gif", made.gif(65000, 65000)),
            ("图.bmp", made.bmp(100000, 100000)),
            ("图.webp", made.webp(16384, 16384)),
            ("图.tif", made.tiff(40000, 40000)),
            ("图.heic", made.heic(100000, 100000)),
        ],
    )
    def test_what_says_to_be_enormous_is_refused(self, name, data):
        assert len(data) < 2000
        assert "像素" in refusal(data, name)

    def test_a_large_scan_is_taken(self):
        assert accepted(made.jpg(9921, 7016), "A3.jpg") == "jpg"

    @pytest.mark.parametrize("name", ["图.png", "图.jpg", "图.gif", "图.webp", "图.bmp", "图.tif", "图.heic"])
    def test_cut_off(self, name):
        whole = {**GOOD, "图.png": made.png(), "图.jpg": made.jpg(), "图.tif": made.tiff(), "图.heic": made.heic()}[
            name
        ]
        refusal(whole[:8] if name == "图.gif" else whole[:18] if name != "图.png" else whole[:-8], name)


def test_names_lose_folders_and_what_deceives():
    assert clean_name("C:\\Users\\某某\\来信.pdf") == "来信.pdf"
    assert clean_name("../../etc/passwd.txt") == "passwd.txt"
    assert clean_name("发票\u202efdp.exe.pdf") == "发票fdp.exe.pdf"
    assert clean_name("a\r\nContent-Type: x.pdf") == "a Content-Type x.pdf"
    assert clean_name("\u200b.pdf") == "pdf"
    assert clean_name("") == clean_name("\0\u200e") == "未命名"
    long = clean_name("长" * 300 + ".pdf")
    assert len(long) == 120 and long.endswith("长.pdf")


NAMES = st.sampled_from([f"x.{ending[1:]}" for ending in accept_attribute(FILE_KINDS).split(",")])


def tried(data: bytes, name: str) -> None:
    try:
        checked = check_file(data, name, most=MOST)
    except NotAccepted as refused:
        assert str(refused).endswith("。")
    else:
        assert checked.size == len(data)


@settings(max_examples=1500)
@given(st.binary(max_size=3000), NAMES)
def test_any_bytes_under_any_name_give_a_verdict(data, name):
    tried(data, name)


@settings(max_examples=1500)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_any_damage_to_a_good_file_gives_a_verdict(name, data):
    whole = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    tried(bytes(whole[:cut] if data.draw(st.booleans()) else whole), name)


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_shown(name):
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 120 and "/" not in cleaned
    assert not {unicodedata.category(ch) for ch in cleaned} & {"Cc", "Cf", "Cs"}
    assert clean_name(cleaned) == cleaned


def test_a_tiff_whose_directory_lists_nothing_is_refused() -> None:
    """Found by 50,000 damaged files: it has no size, and was our own fault instead of a sentence."""
    assert "读不出宽和高" in refusal(b"II*\0\x08\0\0\0" + b"\0\0" + b"\0\0\0\0" + b"\0" * 20, "扫描.tif")
