"""A document that fetches something when it is opened, or can, tells somebody who opened it and when.

Refused like a template by link.
"""

import io

import pytest

from tests.attachments import made
from xinfang.attachments.filecheck import NotAccepted, check_file

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def refusal(data: bytes, name: str = "说明.docx") -> str:
    with pytest.raises(NotAccepted) as refused:
        check_file(data, name, most=2**20)
    return str(refused.value)


def rels(type: str, target: str, mode: str = 'TargetMode="External"', *, extra: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{extra}<Relationships xmlns="http://schemas.openxmlformats.org/package/'
        f'2006/relationships"><Relationship Id="r1" Type="{_OFFICE}/{type}" Target="{target}" {mode}/></Relationships>'
    ).encode()


def linked(content: bytes, part: str = "word___rels__document.xml.rels") -> bytes:
    return made.docx(**{part: content})


@pytest.mark.parametrize(
    "type",
    ["image", "video", "audio", "attachedTemplate", "oleObject", "frame", "subDocument", "mailMergeSource", "whatever"],
)
@pytest.mark.parametrize(
    "target", ["http://example.invalid/x.png", "file:///C:/x.png", "\\\\example.invalid\\a\\x.png"]
)
def test_what_is_fetched_from_elsewhere(type, target):
    assert "从别处取" in refusal(linked(rels(type, target)))


def test_also_in_headers_tables_and_slides():
    bad = rels("image", "http://example.invalid/x.png")
    assert "从别处取" in refusal(linked(bad, "word___rels__header1.xml.rels"))
    sheet = made.package({"xl/drawings/_rels/drawing1.xml.rels": bad}, type=made.SHEET)
    assert "从别处取" in refusal(sheet, "表.xlsx")
    slide = made.package({"ppt/slides/_rels/slide1.xml.rels": bad}, type=made.SLIDES)
    assert "从别处取" in refusal(slide, "汇报.pptx")
    assert "从别处取" in refusal(made.docx(**{"word__embeddings__a.docx": linked(bad)}))


@pytest.mark.parametrize(
    "content",
    [
        rels("image", "http://example.invalid/x.png", "TargetMode='External'"),
        rels("image", "http://example.invalid/x.png", 'TargetMode = "external"'),
        rels("image", "http://example.invalid/x.png", 'TargetMode="&#69;xternal"'),
        rels("image", "http://example.invalid/x.png").replace(b"<Relationship ", b"<p:Relationship "),
        rels("image", "http://example.invalid/x.png").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        rels("image", "http://example.invalid/hyperlink"),
        rels("image", "http://example.invalid/x.png").replace(b'/image"', b'/imag&#101;" Note="/hyperlink"'),
    ],
)
def test_however_it_is_written(content):
    assert "从别处取" in refusal(linked(content))


def test_ordinary_links_and_pictures_inside_are_fine():
    for link in ("https://www.gov.cn/", "mailto:a@example.com", "file:///C:/x.docx", "#第二章"):
        assert check_file(linked(rels("hyperlink", link)), "说明.docx", most=2**20).kind.code == "docx"
    inside = made.docx(
        **{
            "word___rels__document.xml.rels": rels("image", "media/image1.png", ""),
            "word__media__image1.png": made.png(),
        }
    )
    assert check_file(inside, "说明.docx", most=2**20).kind.code == "docx"
    strict = rels("hyperlink", "https://www.gov.cn/").replace(
        _OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    )
    assert check_file(linked(strict), "说明.docx", most=2**20).kind.code == "docx"


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "http://example.invalid/x">]>',
        '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
        "<!-- a remark -->\n<!DOCTYPE x>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_declaration_that_can_fetch_or_multiply(head, encoding):
    whole = f'<?xml version="1.0" encoding="{encoding}"?>{head}<w:document/>'.encode(encoding)
    assert "DOCTYPE" in refusal(made.docx(**{"word__styles.xml": whole}))
    ofd = io.BytesIO(made.ofd())
    import zipfile

    with zipfile.ZipFile(ofd, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Doc_0/Res.xml", whole)
    assert "DOCTYPE" in refusal(ofd.getvalue(), "公文.ofd")


def test_one_that_no_parser_reads_is_looked_for_as_it_stands():
    odd = b'<?xml version="1.0" encoding="gb18030"?><!DOCTYPE x SYSTEM "http://example.invalid/x"><w:document/>'
    assert "DOCTYPE" in refusal(made.docx(**{"word__styles.xml": odd}))
    assert check_file(
        made.docx(**{"word__styles.xml": "<w:p>说明 <!DOCTYPE 的写法</w:p>".replace("<!D", "&lt;!D").encode()}),
        "说明.docx",
        most=2**20,
    )


@pytest.mark.parametrize("field", ["DDEAUTO c:\\\\x cmd", " dde excel x", "\n ddeauto x"])
@pytest.mark.parametrize("cut", [1, 3, 400])
def test_a_field_that_starts_another_program(field, cut):
    texts = [field[n : n + cut] for n in range(0, len(field), cut)]
    runs = "".join(f"<w:r><w:instrText>{t.replace('&', '&amp;')}</w:instrText></w:r>" for t in texts)
    body = f'<w:document xmlns:w="x"><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}</w:p></w:document>'
    assert "域" in refusal(made.docx(**{"word__document.xml": body.encode()}))
    simple = field.replace("&", "&amp;").replace('"', "&quot;")
    body = f'<w:document xmlns:w="x"><w:fldSimple w:instr="{simple}"/></w:document>'
    assert "域" in refusal(made.docx(**{"word__document.xml": body.encode()}))


def test_fields_of_every_letter_are_fine():
    fields = (
        "PAGE",
        "NUMPAGES",
        "TOC \\o 1-3",
        "HYPERLINK https://www.gov.cn/dde",
        "DATE \\@ yyyy",
        "REF ddeauto_1",
        "EQ \\f(1,2)",
        "INCLUDEPICTURE http://example.invalid/x.png \\* MERGEFORMATINET",
    )
    runs = "".join(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {f} </w:instrText></w:r><w:r>'
        f'<w:fldChar w:fldCharType="end"/></w:r>'
        for f in fields
    )
    body = f'<w:document xmlns:w="x"><w:p>{runs}<w:t>DDEAUTO 是什么</w:t></w:p></w:document>'.encode()
    assert check_file(made.docx(**{"word__document.xml": body}), "说明.docx", most=2**20).kind.code == "docx"
