"""Kinds of files that people really send: taken where their content proves the kind, else told what to do instead."""

import io

import pytest
from PIL import Image

from tests.attachments import drawn, made
from tests.attachments.mails import eml, mail
from xinfang.attachments.filecheck import ACCEPTED_KINDS_TEXT, FILE_KINDS, NotAccepted, accept_attribute, check_file
from xinfang.attachments.page_images import RENDERABLE_KINDS, render_page_image

MOST = 50 * 2**20


def taken(data: bytes, name: str) -> str:
    found = check_file(data, name, most=MOST)
    assert found.size == len(data)
    return found.kind.code


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(NotAccepted) as refused:
        check_file(data, name, most=MOST)
    assert "请" in str(refused.value), str(refused.value)
    return str(refused.value)


class TestPdf:
    WHOLE = drawn.pdf_with_text("a letter with some words")

    @pytest.mark.parametrize(
        "before",
        [
            b"\r\n",
            b"\xef\xbb\xbf",
            b"\0" * 128,
            b"\n \t\r\n",
            b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
            b"x" * 1019,
        ],
    )
    def test_bytes_before_its_header(self, before):
        """Readers look for it in the first 1024 bytes; what is kept are the bytes as they came."""
        assert taken(before + self.WHOLE, "来信.pdf") == "pdf"
        found = render_page_image(before + self.WHOLE, "pdf", 1, 160)
        assert found.pages == 1 and "some words" in found.text

    def test_a_header_too_far_behind_is_none(self):
        assert "PDF" in refusal(b"\xff\0" * 600 + self.WHOLE, "来信.pdf")

    @pytest.mark.parametrize(
        "before", [b"MZ" + b"\x90" * 60, b"#!/bin/sh\n", b"\x7fELF" + b"\0" * 60, b"Rar!\x1a\x07\0"]
    )
    def test_a_program_or_archive_before_it(self, before):
        said = refusal(before + self.WHOLE, "来信.pdf")
        assert "程序" in said or "压缩包" in said

    def test_a_page_or_picture_before_it(self):
        assert "网页" in refusal(b"<html><script>1</script></html>" + self.WHOLE, "来信.pdf")
        assert "JPEG" in refusal(made.jpg() + self.WHOLE, "来信.pdf")

    def test_under_another_name_it_is_called_a_pdf(self):
        assert "内容却是PDF 文件" in refusal(self.WHOLE, "来信.docx")
        assert "PDF 文件" in refusal(b"\xff\0\r\n" + self.WHOLE, "照片.jpg")
        assert "同时也是一个 PDF" in refusal(b"%comment\n" + self.WHOLE, "记录.txt")

    @pytest.mark.parametrize("after", [b"\0" * 70_000, b"\r\n" * 50_000, b" " * 200_000, b"\0" * 10, b"x" * 5000])
    def test_what_stands_behind_its_end_and_says_nothing(self, after):
        assert taken(self.WHOLE + after, "来信.pdf") == "pdf"

    def test_much_that_is_none_of_it_behind_its_end_is_told_truly(self):
        said = refusal(self.WHOLE + b"x" * 70_000, "来信.pdf")
        assert "没有结尾" not in said and "结尾之后" in said

    def test_cut_off_is_still_told(self):
        assert "没有结尾" in refusal(self.WHOLE.replace(b"%%EOF", b""), "来信.pdf")
        # A file made for the web has an end near its beginning; its own is missing.
        assert "没有结尾" in refusal(self.WHOLE + b"9 0 obj\n<<>>\nendobj\n" * 9000, "来信.pdf")

    def test_nobody_is_told_that_a_pdf_is_not_a_pdf_but_a_pdf(self):
        said = refusal(b"\xff\0" * 600 + self.WHOLE, "来信.pdf")
        assert "却是 .pdf" not in said and "却是PDF" not in said
        for name, data in (
            ("图.png", b"\x89PNG\r\n\x1a"),
            ("图.webp", b"RIFF\0\0\0\0WEB"),
            ("录音.wav", b"RIFF\0\0\0\0WAVX"),
        ):
            ending = name.rpartition(".")[2]
            assert f"却是 .{ending}" not in refusal(data + b"\x93\xff" * 50, name)


@pytest.mark.parametrize("name", ["微信图片_20261103.jfif", "a.JFIF", "b.jpe", "c.pjpeg", "d.pjp", "e.jif"])
def test_a_jpeg_as_browsers_name_it(name):
    assert taken(made.jpg(), name) == "jpg"
    assert f".{name.rpartition('.')[2].lower()}" in accept_attribute(FILE_KINDS).split(",")


class TestRecordings:
    ADTS = made.aac()

    @pytest.mark.parametrize("ending", ["3gp", "3gpp", "3g2"])
    @pytest.mark.parametrize("brand", [b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gr6", b"3gs7", b"3ge6", b"3g2a", b"isom"])
    def test_of_an_android_phone(self, ending, brand):
        assert taken(made.mp4(brand), f"录音.{ending}") == "3gp"

    def test_an_mp4_of_a_phone_may_be_named_so(self):
        assert taken(made.mp4(b"3gp5"), "录像.mp4") == "mp4"

    def test_a_brand_told_by_those_it_goes_with(self):
        odd = b"\0\0\0\x18ftypXAVC\0\0\0\0mp42iso2\0\0\0\x08moov"
        assert taken(odd, "录像.mp4") == "mp4"
        assert "MOV" in refusal(made.mp4(b"qt  "), "录像.mov")
        refusal(b"\0\0\0\x14ftypqt  \0\0\0\0mp42\0\0\0\x08moov", "录像.mp4")

    def test_aac(self):
        assert taken(self.ADTS, "录音.aac") == "aac"
        assert taken(b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 10 + self.ADTS, "录音.aac") == "aac"
        assert "M4A" in refusal(made.mp4(b"M4A "), "录音.aac")
        assert "MP3" in refusal(made.mp3(), "录音.aac")
        assert "AAC" in refusal(self.ADTS, "录音.mp3")

    def test_amr_in_another_box(self):
        assert ".3gp" in refusal(made.mp4(b"3gp4"), "录音.amr")

    def test_a_cut_one(self):
        assert "不完整" in refusal(made.mp4(b"3gp5", tail=b""), "录音.3gp")

    @pytest.mark.parametrize("name", ["录音.aac", "录音.3gp"])
    def test_a_program_under_their_names(self, name):
        assert "Windows 程序" in refusal(b"MZ" + b"\0" * 200, name)


class TestAvif:
    def test_it_is_taken_and_drawn(self):
        assert taken(made.avif(), "照片.avif") == "avif" and "avif" in RENDERABLE_KINDS
        found = Image.open(io.BytesIO(render_page_image(made.avif(), "avif", 1, 160).jpeg)).convert("RGB")
        assert found.size == (64, 48) and found.getpixel((30, 20))[0] > 200

    def test_told_from_heic_by_the_brands_it_goes_with(self):
        assert taken(made.avif().replace(b"ftypavif", b"ftypmif1", 1), "照片.avif") == "avif"
        assert "HEIC" in refusal(made.heic(), "照片.avif")
        assert "AVIF" in refusal(made.avif(), "照片.heic")

    def test_what_says_to_be_enormous(self):
        whole = made.avif()
        place = whole.find(b"ispe")
        assert "像素" in refusal(whole[: place + 8] + b"\0\1\0\0" * 2 + whole[place + 16 :], "照片.avif")


class TestMail:
    def test_a_petition_by_mail_with_its_evidence(self):
        data = eml(
            "请求补发补助。", ("协议.pdf", TestPdf.WHOLE), ("照片.jpg", made.jpg()), html="<p>请求</p><img src='cid:1'>"
        )
        assert taken(data, "邮件来信.eml") == "eml"
        assert not FILE_KINDS["eml"].inline and FILE_KINDS["eml"].content_type == "application/octet-stream"

    def test_the_smallest_one(self):
        assert taken(b"From: a@example.com\nSubject: =?utf-8?B?5p2l5L+h?=\n\nhello\n", "来信.eml") == "eml"
        assert taken(b"Received: from x\r\nFrom: a\r\nDate: x\r\n\r\n" + "来信".encode("gb18030"), "来信.eml") == "eml"
        assert taken(b"From: a@example.com\nSubject: x\n\n<html><body><p>hi</p></body></html>", "来信.eml") == "eml"

    def test_a_text_that_looks_like_one_stays_a_text(self):
        assert taken(eml(), "来信.txt") == "txt"

    def test_what_is_none(self):
        assert "文本文件" in refusal("如实记录\n".encode(), "来信.eml")
        assert "网页" in refusal(b"<html><body>hi</body></html>", "来信.eml")
        assert "Windows 程序" in refusal(b"MZ" + b"\0" * 99, "来信.eml")

    def test_a_mail_inside_a_mail(self):
        outer = mail("转来一封")
        outer.add_attachment(mail("里面", ("照片.jpg", made.jpg())))
        assert taken(bytes(outer), "转发.eml") == "eml"
        bad = mail("转来一封")
        bad.add_attachment(mail("里面", ("程序.exe", b"MZ" + b"\0" * 99)))
        assert "程序.exe" in refusal(bytes(bad), "转发.eml")

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("程序.exe", b"MZ" + b"\0" * 99, "程序"),
            ("照片.jpg", b"MZ" + b"\0" * 99, "Windows 程序"),
            ("材料.zip", made.ofd(), "解压"),
            ("网页.html", b"<html><script>1</script></html>", "网页"),
            ("说明.docm", made.docx(), "宏"),
            ("说明.docx", made.package({"word/vbaProject.bin": b"x"}), "宏"),
            ("来信.pdf", made.pdf(b"/OpenAction << /S /JavaScript /JS (1) >>"), "脚本"),
        ],
    )
    def test_its_files_go_by_the_same_rules(self, name, data, words):
        said = refusal(eml("见附件", (name, data)), "来信.eml")
        assert f"“{name}”" in said and words in said

    def test_a_file_without_a_name_is_known_by_its_content(self):
        whole = mail()
        whole.add_attachment(made.png(), maintype="image", subtype="png")
        assert taken(bytes(whole), "来信.eml") == "eml"
        whole.add_attachment(b"MZ" + b"\0" * 99, maintype="application", subtype="octet-stream")
        assert "附件" in refusal(bytes(whole), "来信.eml")

    @pytest.mark.parametrize(
        "html",
        [
            "<script>alert(1)</script>",
            "<IFRAME src='http://example.com'></IFRAME>",
            "<object data='x'></object>",
            "<embed src='x'>",
            "<meta http-equiv=refresh content='0;url=http://example.com'>",
            "<form action='http://example.com'><input name='p'></form>",
        ],
    )
    def test_a_text_that_acts_is_refused(self, html):
        said = refusal(eml("正文", html=f"<html><body>{html}</body></html>"), "来信.eml")
        assert "正文" in said and "PDF" in said

    def test_a_program_written_into_its_text(self):
        assert "正文" in refusal(eml("begin 644 x.exe\nM35J0``,````$\n`\nend\n"), "来信.eml")

    def test_a_text_that_is_fetched_from_elsewhere(self):
        whole = eml().replace(b"text/plain", b"message/external-body; access-type=http", 1)
        assert "别处" in refusal(whole, "来信.eml")

    def test_hundreds_of_parts_inside_each_other(self):
        head, tail = b"From: a@example.com\r\nSubject: x\r\n", b""
        for n in range(300):
            head += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            tail = b"\r\n--b%d--" % n + tail
        assert "层" in refusal(head + b"\r\nx" + tail, "来信.eml")

    @pytest.mark.parametrize("many", [b"\r\n\r\n" + b"\n" * 1_100_000, b"X: " + b"y\n " * 1_100_000])
    def test_more_lines_than_any_mail_has(self, many):
        assert "行数" in refusal(b"From: a@example.com\nSubject: x\n" + many, "来信.eml")

    def test_an_archive_behind_it(self):
        assert "压缩包" in refusal(eml() + made.docx(), "来信.eml")


@pytest.mark.parametrize(
    ("endings", "words"),
    [
        ("zip rar 7z gz tar", "解压"),
        ("docm xlsm pptm", "宏"),
        ("html mht svg xml", "网页"),
        ("rtf", "RTF"),
        ("pst ost", "Outlook"),
        ("ogg opus wma flac silk slk", "MP3"),
        ("avi mkv wmv flv webm rm rmvb mpg ts", "MP4"),
        ("mov", "MP4"),
        ("odt ods odp pages numbers key", "docx"),
        ("csv", "xlsx"),
        ("ceb cebx gd sep caj xps", "PDF"),
        ("psd ai cdr dwg dxf", "PDF"),
        ("dng cr2 nef arw jp2", "JPEG"),
        ("exe bat cmd ps1 vbs js jar apk msi scr com dll sh", "程序"),
        ("lnk url", "快捷方式"),
        ("md log json ini", "txt"),
        ("dot dotx xlt xltx pot potx wpt ett dpt", "模板"),
        ("iso img dmg", "解压"),
        ("ics vcf", "PDF"),
    ],
)
def test_each_common_kind_that_is_not_taken_has_a_sentence_of_its_own(endings, words):
    for ending in endings.split():
        said = refusal(b"x" * 50, f"材料.{ending}")
        assert words in said and "不在可以接收的范围内" not in said, said


def test_what_the_page_says_is_taken_comes_from_the_kinds():
    for kind in FILE_KINDS.values():
        assert kind.endings[0] in ACCEPTED_KINDS_TEXT.lower() or kind.label.split()[0] in (
            "Word",
            "Excel",
            "PowerPoint",
        ), kind
    assert "jfif" not in ACCEPTED_KINDS_TEXT
