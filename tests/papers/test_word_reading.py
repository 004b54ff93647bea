"""A Word file comes back as the text it was made of, and says what it can't keep."""

import io
import itertools
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.papers import papers
from tests.papers.word import changed, edited
from xinfang.papers.content import (
    Block,
    Heading,
    PageBreak,
    PaperContent,
    PaperForm,
    PaperTable,
    Paragraph,
    SignatureLine,
    TableCell,
)
from xinfang.papers.source import WordingSyntaxError, parse_source
from xinfang.papers.word import read_docx, render_docx
from xinfang.papers.word.list_numbers import chinese, written

L = lambda text, span=1: TableCell(text, span, label=True)  # noqa: E731 - as short as the cells around it

FORMS: dict[str, PaperContent] = {
    "letter": papers.letter(
        Paragraph("您于2026年9月1日提出的信访事项收悉。"),
        Heading(1, "诉求"),
        Paragraph("<b>请求</b> {{ x }} #set | ~ 重新评审 & “项目”。"),
        Heading(1, "查明的事实"),
        Heading(2, "评审过程"),
        Heading(3, "名单"),
        Heading(4, "来源"),
        Paragraph("# 不是标题"),
        PageBreak(),
        PaperTable(3, ((L("序号"), L("名称"), L("说明")), (TableCell("1"), TableCell("材料|一\n第二行", 2)))),
        PaperTable(2, ((L("甲"), TableCell("注意：")), (L("乙"), TableCell("", lines=4)))),
        Paragraph("=== --- ~ 完"),
        attachments=("专家名单", "1. 会议纪要", "三"),
        note="联系人：李某（科员）",
        copies_to=("某某局", "某处（一，二）"),
        urgency="特急",
        marks=("草稿",),
    ),
    "document": papers.document(
        Paragraph("报告如下。"),
        Heading(1, "情况"),
        Paragraph("好𠅤㛃堃。"),
        approver="王某",
        urgency="加急",
        attachments=("清单",),
    ),
    "sheet": papers.sheet(
        PaperTable(
            4,
            (
                (L("姓名"), TableCell("张某"), L("电话"), TableCell("138****0000")),
                (L("诉求"), TableCell("甲\n乙", 3, 8)),
            ),
        ),
        PaperTable(2, ((L("拟办意见"), TableCell("", lines=5)),)),
        SignatureLine(("经办人（签名）", "日期")),
    ),
    "record": papers.record(
        Paragraph("问：请说。"),
        SignatureLine(("翻译（签名）",)),
        Paragraph("答：好。"),
        SignatureLine(("被谈人（签名）", "日期")),
        SignatureLine(("谈话人（签名）", "记录人（签名）", "日期")),
        department=papers.DEPARTMENT,
        number="某科信谈〔2026〕1号",
        urgency="急",
    ),
}


def said(content: PaperContent) -> tuple[dict[str, tuple[str, ...]], list[Block]]:
    """What a paper says, as its text would be read: without what only the layout knows."""
    head: dict[str, tuple[str, ...]] = {
        "标题": (content.title,),
        "主送": (content.addressee,),
        "落款": (content.signer,),
        "日期": (f"{content.day.year}年{content.day.month}月{content.day.day}日",) if content.day else ("",),
        "附件": content.attachments,
        "抄送": content.copies_to if content.form is not PaperForm.SHEET else (),
        "附注": (content.note,),
        "紧急程度": (content.urgency,),
        "签发人": (content.approver,),
    }
    return {n: v for n, v in head.items() if any(v)}, [
        replace(b, head=0) if isinstance(b, PaperTable) else b for b in content.blocks
    ]


def again(content: PaperContent, data: bytes | None = None) -> None:
    found = parse_source(read_docx(data if data is not None else render_docx(content)))
    head, blocks = said(content)
    assert dict(found.head) == head
    assert list(found.blocks) == blocks


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_back_as_it_went(form: str) -> None:
    again(FORMS[form])


# --- anything that people write ---
_WORDS = st.text(
    st.one_of(
        st.sampled_from("\\#|~=-<^：。，、“”（）\t 一1.&<>'\"{}%$@堃祎㛃𠅤​\ufeff"),
        st.characters(exclude_categories=("Cc", "Cs")),
    ),
    max_size=30,
)
_KEPT = _WORDS.filter(lambda text: text.strip() == text and text)
_LINE = _KEPT.filter(lambda text: " ".join(text.split()) == text)
_LABEL = _LINE.filter(lambda text: not text.endswith(("：", "\\")))
_SIGNED = _LINE.filter(
    lambda text: text.strip(" 　_：") == text and "__" not in text and not text.endswith("：") and text.strip()
)
_VALUE = st.lists(_KEPT, max_size=3).map("\n".join)


@st.composite
def _tables(draw: st.DrawFn) -> PaperTable:
    columns = draw(st.integers(1, 5))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        row, left = [], columns
        while left:
            span = draw(st.integers(1, left))
            label = draw(st.booleans())
            row.append(TableCell(draw(_LABEL if label else _VALUE), span, 1, label))
            left -= span
        values = [n for n, cell in enumerate(row) if not cell.label] or [*range(len(row))]
        widest = max(values, key=lambda n: (row[n].span, n))
        row[widest] = replace(row[widest], lines=draw(st.sampled_from([1, 1, 2, 6, 20])))
        rows.append(tuple(row))
    return PaperTable(columns, tuple(rows))


# A heading over nothing is left out by the text itself, so one comes with a paragraph.
_BLOCKS = st.one_of(
    st.builds(lambda text: [Paragraph(text)], _KEPT),
    st.builds(lambda level, text: [Heading(level, text), Paragraph("某")], st.integers(1, 4), _LINE),
    st.builds(lambda table: [table], _tables()),
    st.builds(lambda labels: [SignatureLine(tuple(labels))], st.lists(_SIGNED, min_size=1, max_size=3)),
    st.just([PageBreak()]),
)


@settings(max_examples=150)
@given(
    form=st.sampled_from(PaperForm), blocks=st.lists(_BLOCKS, max_size=6), title=_LINE, day=st.dates(date(1949, 10, 1))
)
def test_whatever_is_written_comes_back(form: PaperForm, blocks: list[list[Block]], title: str, day: date) -> None:
    content = papers.letter(*itertools.chain(*blocks), form=form, title=title, day=day)
    again(content)


@settings(max_examples=60)
@given(attachments=st.lists(_LINE, max_size=4), note=_LINE, addressee=_LINE, signer=_LINE)
def test_whatever_stands_around_the_text_comes_back(
    attachments: list[str], note: str, addressee: str, signer: str
) -> None:
    again(papers.letter(Paragraph("完"), attachments=tuple(attachments), note=note, addressee=addressee, signer=signer))


@settings(max_examples=60)
@given(st.text(st.characters(), max_size=40))
def test_characters_that_no_file_can_hold_do_no_harm(text: str) -> None:
    """Control characters and halves of characters are left out, and the rest is kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", "", text)
    found = parse_source(read_docx(render_docx(papers.letter(Paragraph(f"头{text}尾")))))
    assert list(found.blocks) == [Paragraph(line.strip()) for line in f"头{kept}尾".split("\n") if line.strip()]


# --- edited in Word ---
LETTER = render_docx(FORMS["letter"])


def test_a_changed_word_a_new_paragraph_and_a_stranger_s_style_are_read() -> None:
    document = Document(io.BytesIO(LETTER))
    place = next(p for p in document.paragraphs if "信访事项收悉" in p.text)
    place.runs[0].text = "您的来信收悉。"
    new = place.insert_paragraph_before("新写的一段", style=document.styles.add_style("某人的样式", 1))
    new.runs[0].font.size = Pt(30)
    made = io.BytesIO()
    document.save(made)
    text = read_docx(made.getvalue())
    assert text.split("---\n")[1].startswith("新写的一段\n您的来信收悉。\n# 诉求\n")


def test_a_sentence_that_ends_in_a_colon_comes_back_without_a_backslash() -> None:
    content = papers.letter(Paragraph("现将有关情况告知如下："), Paragraph("反斜\\："))
    text = read_docx(render_docx(content))
    assert "\n现将有关情况告知如下：\n" in text
    again(content)


def test_what_somebody_types_into_the_layout_s_own_words_is_kept() -> None:
    """Typing right behind 附件：1. lands in the same run."""
    text = read_docx(edited(LETTER, "附件：1. <", "附件：1. 补充的<"))
    assert "附件：补充的专家名单\n" in text


def test_words_are_known_without_the_layout_s_own_style() -> None:
    bare = changed(LETTER, "word/document.xml", lambda text: text.replace('<w:rStyle w:val="Made"/>', ""))
    found = parse_source(read_docx(bare)).head
    assert found["附件"] == ("专家名单", "1. 会议纪要", "三")
    assert found["附注"] == ("联系人：李某（科员）",)
    assert found["抄送"] == ("某某局", "某处（一，二）")
    assert found["紧急程度"] == ("特急",)


def test_the_number_and_the_foot_are_the_system_s_own() -> None:
    text = read_docx(edited(render_docx(FORMS["document"]), "某科信〔2026〕3号", "某科信〔2026〕99号"))
    assert "99号" not in text
    assert "办公室" not in text
    assert "签发人：王某\n" in text


def test_a_heading_typed_with_its_number_gets_only_one() -> None:
    plain = '<w:pStyle w:val="Heading1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    text = read_docx(
        changed(
            edited(LETTER, ">诉求<", ">一、诉求<"),
            "word/document.xml",
            lambda t: t.replace('<w:pStyle w:val="Heading1"/>', plain, 1),
        )
    )
    assert "\n# 诉求\n" in text


def test_list_numbers_become_text() -> None:
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
    data = changed(
        render_docx(papers.letter(Paragraph("甲"), Paragraph("乙"))),
        "word/document.xml",
        lambda t: t.replace(
            '<w:pStyle w:val="Body"/><w:keepNext/>', f'<w:pStyle w:val="Body"/><w:keepNext/>{listed}'
        ).replace('<w:pStyle w:val="Body"/></w:pPr>', f'<w:pStyle w:val="Body"/>{listed}</w:pPr>'),
    )
    kind = (
        '<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1">'
    )
    data = changed(
        data,
        "word/numbering.xml",
        lambda t: t.replace('<w:num w:numId="1">', kind).replace(
            "</w:numbering>", '<w:num w:numId="7"><w:abstractNumId w:val="9"/></w:num></w:numbering>'
        ),
    )
    assert list(parse_source(read_docx(data)).blocks) == [Paragraph("3. 甲"), Paragraph("4. 乙")]
    odd = changed(data, "word/numbering.xml", lambda t: t.replace('w:start w:val="3"', 'w:start w:val="drei"'))
    assert parse_source(read_docx(odd)).blocks[0] == Paragraph("1. 甲")
    with pytest.raises(WordingSyntaxError, match="自动编号"):
        read_docx(
            changed(
                data,
                "word/numbering.xml",
                lambda t: t.replace('"decimal"/><w:lvlText w:val="%1."', '"hebrew1"/><w:lvlText w:val="%1."'),
            )
        )


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("chineseCounting", 21, "二十一"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("decimalEnclosedCircle", 3, "③"),
        ("chineseCounting", 10, "十"),
        ("upperRoman", 999999, "999999"),
    ],
)
def test_ways_to_count(kind: str, number: int, text: str) -> None:
    assert written(kind, number) == text
    assert chinese(100) == "100"


# --- what can't be kept ---
_RUN = "<w:r><w:t>某</w:t></w:r>"
_BOX = (
    '<w:r><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent>'
    f"<w:p>{_RUN}</w:p></w:txbxContent></v:textbox></w:pict></w:r>"
)


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        (f'<w:ins w:id="1" w:author="某">{_RUN}</w:ins>', "接受或拒绝全部修订"),
        ('<w:del w:id="1" w:author="某"><w:r><w:delText>某</w:delText></w:r></w:del>', "接受或拒绝全部修订"),
        ('<w:r><w:commentReference w:id="1"/></w:r>', "删除全部批注"),
        ("<w:r><w:drawing/></w:r>", "图片"),
        ("<w:r><w:object/></w:r>", "图片"),
        (_BOX, "文本框"),
        ('<w:r><w:footnoteReference w:id="1"/></w:r>', "脚注"),
        ("<w:r><w:rPr><w:strike/></w:rPr><w:t>某</w:t></w:r>", "删除线"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>某</w:t></w:r>", "隐藏文字"),
        ('<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>', "上标"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "特殊符号"),
        ('<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/>', "公式"),
    ],
)
def test_what_would_be_lost_is_refused_with_what_to_do(added: str, complaint: str) -> None:
    with pytest.raises(WordingSyntaxError, match=complaint) as refused:
        read_docx(edited(LETTER, "</w:p>", f"{added}</w:p>"))
    assert "再上传" in str(refused.value)
    assert "某某" not in str(refused.value), "messages don't quote the text"


def test_hidden_by_a_style_is_hidden_too() -> None:
    def hide(text: str) -> str:
        before, name, after = text.partition('<w:name w:val="文书正文"/>')
        return before + name + after.replace("</w:rPr>", "<w:vanish/></w:rPr>", 1)

    with pytest.raises(WordingSyntaxError, match="隐藏文字"):
        read_docx(changed(LETTER, "word/styles.xml", hide))


def test_merged_and_nested_tables_are_refused() -> None:
    with pytest.raises(WordingSyntaxError, match="上下合并"):
        read_docx(edited(LETTER, "<w:vAlign", "<w:vMerge/><w:vAlign"))
    with pytest.raises(WordingSyntaxError, match="表格套表格"):
        read_docx(edited(LETTER, "</w:p></w:tc>", "</w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/></w:tc>"))


def test_a_table_wider_than_any_page_is_refused() -> None:
    with pytest.raises(WordingSyntaxError, match="超过 63 栏"):
        read_docx(edited(LETTER, '<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="900000"/>'))


def test_a_drawn_shape_without_words_is_refused() -> None:
    box = _BOX.replace(_RUN, "")
    with pytest.raises(WordingSyntaxError, match="文本框"):
        read_docx(edited(LETTER, "</w:p>", f"{box}</w:p>"))


def test_text_at_the_edge_of_pages_is_refused() -> None:
    with pytest.raises(WordingSyntaxError, match="页眉或页脚里有文字"):
        read_docx(changed(LETTER, "word/header1.xml", lambda t: t.replace("</w:hdr>", f"<w:p>{_RUN}</w:p></w:hdr>")))
    with pytest.raises(WordingSyntaxError, match="签字栏不一样"):
        read_docx(changed(render_docx(FORMS["record"]), "word/footer2.xml", lambda t: t.replace("谈话人", "某人")))


def test_a_paper_without_title_or_with_an_impossible_date_is_refused() -> None:
    with pytest.raises(WordingSyntaxError, match="文书标题"):
        read_docx(changed(LETTER, "word/document.xml", lambda t: t.replace('"PaperTitle"', '"Body"')))
    with pytest.raises(WordingSyntaxError, match="成文日期"):
        read_docx(edited(LETTER, ">2026年11月2日<", ">2026年13月2日<"))


# --- files that mean harm ---
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 a password", LETTER[:-200], b"<w:document/>"])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(WordingSyntaxError, match="另存为"):
        read_docx(data)


def test_entities_and_bombs_are_refused() -> None:
    entity = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document'
    with pytest.raises(WordingSyntaxError):
        read_docx(
            changed(
                LETTER,
                "word/document.xml",
                lambda t: t.replace("<w:document", entity, 1).replace("信访事项收悉", "&a;"),
            )
        )
    with pytest.raises(WordingSyntaxError, match="异常地大"):
        read_docx(changed(LETTER, "word/document.xml", lambda t: t + " " * 2**25))


def test_a_stranger_s_archive_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(WordingSyntaxError, match="另存为"):
        read_docx(made.getvalue())
