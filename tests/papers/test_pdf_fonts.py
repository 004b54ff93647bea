"""No name is printed as a box: rare characters come from another font, or the paper is refused with a sentence."""

import shutil
import unicodedata
from pathlib import Path

import pytest
import typst
from fontTools import subset
from fontTools.ttLib import TTFont

from tests.papers import papers
from tests.papers.geometry import boxes, pages_of
from xinfang.core import env
from xinfang.papers.content import Paragraph
from xinfang.papers.pdf import Unprintable, fallback_sentences, missing_characters, render_pdf
from xinfang.papers.pdf.fonts import FontRole, bundled_font_folder, find_fonts, font_set
from xinfang.papers.pdf.rendering import compile_template
from xinfang.papers.pdf.template_data import template_data

RARE = "堃喆珺玥赟昇祎炘㛃𠅤"
NOWHERE = "\U0003134a"
"""The last ideograph of Unicode's extension G: no font here has it."""


@pytest.mark.parametrize("fonts", [font_set(), find_fonts("", ())], ids=["machine", "program"])
def test_rare_characters_of_names_are_printed_in_every_face(fonts) -> None:  # type: ignore[no-untyped-def]
    assert missing_characters(RARE, fonts) == ()
    pdf = render_pdf(
        papers.letter(Paragraph(f"{RARE}反映的事项"), title=f"关于{RARE}的意见书", addressee=RARE, note=RARE), fonts
    )
    page = pages_of(pdf)[0]
    assert page.text.count(RARE) == 4
    assert boxes(pdf) == 0


def test_a_box_would_be_noticed() -> None:
    """The check of these tests sees one; and typst refuses the paper, should a box get past our own refusal."""
    folder = Path(bundled_font_folder())
    source = f'#set text(font: "Noto Serif SC")\n{NOWHERE}'.encode()
    assert boxes(typst.compile(source, font_paths=[folder], ignore_system_fonts=True)) == 1
    with pytest.raises(Unprintable) as refused:
        compile_template(template_data(papers.sheet(Paragraph(NOWHERE))), find_fonts("", ()))
    assert refused.value.chars == (NOWHERE,)


def test_a_character_that_no_font_has_is_refused_by_name() -> None:
    assert missing_characters(f"张{NOWHERE}某{NOWHERE}") == (NOWHERE,)
    for content in (
        papers.letter(Paragraph(f"张{NOWHERE}某")),
        papers.letter(addressee=NOWHERE),
        papers.sheet(papers.table(1, NOWHERE)),
        papers.document(approver=NOWHERE),
    ):
        with pytest.raises(Unprintable) as refused:
            render_pdf(content)
        assert refused.value.chars == (NOWHERE,)
        assert f"“{NOWHERE}”（U+3134A）" in str(refused.value)
        assert "XINFANG_FONTS" in str(refused.value)


def test_what_leaves_no_ink_is_left_out_and_not_refused() -> None:
    text = "甲\u200b乙\ufeff丙\x00丁\u202e戊\U000e0100己\u00ad庚\ufe0f辛\x7f"
    assert missing_characters(text) == ()
    page = pages_of(render_pdf(papers.sheet(Paragraph(text))))[0]
    assert page.lines[-1].text == "甲乙丙丁戊己庚辛"


def test_every_character_of_the_national_table_can_be_printed() -> None:
    """GB 2312, and the Latin and other signs that people type."""
    table = bytes(b for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    text = table.decode("gb2312", errors="ignore")
    assert len(text) > 7000
    assert missing_characters(text, find_fonts("", ())) == ()
    ascii_signs = "".join(chr(c) for c in range(0x20, 0x7F))
    assert missing_characters(ascii_signs + "①②〔〕《》“”‘’—…·℃㎡×÷±°√", find_fonts("", ())) == ()


def test_free_fonts_are_named_to_the_clerk_and_not_on_the_paper() -> None:
    sentences = fallback_sentences(find_fonts("", ()))
    assert len(sentences) == len(FontRole)
    assert any("小标宋" in s and "Noto Serif SC" in s for s in sentences)
    assert all(unicodedata.category(s[0]) == "Lo" and s.endswith("。") for s in sentences)
    assert "Noto" not in pages_of(render_pdf(papers.letter(), find_fonts("", ())))[0].text


@pytest.fixture
def licensed(tmp_path: Path) -> Path:
    """A folder with a font that calls itself 方正小标宋 and one 仿宋_GB2312, both with few characters; and no font at all."""
    for name, english, chinese, characters in (
        ("a.otf", "FZXiaoBiaoSong-B05S", "方正小标宋简体", "关于某项目验收问题的信访处理意见书"),
        ("b.otf", "FangSong_GB2312", "仿宋_GB2312", "测张某"),
    ):
        font = TTFont(Path(bundled_font_folder()) / "NotoSansSC-Regular.otf")
        keep = subset.Subsetter(subset.Options(notdef_outline=True, name_IDs=["*"]))
        keep.populate(text=characters)
        keep.subset(font)
        font["name"].names = []
        for ident in (1, 4, 6):
            font["name"].setName(english, ident, 3, 1, 0x409)
        font["name"].setName(chinese, 1, 3, 1, 0x804)
        font["CFF "].cff.topDictIndex[0].FamilyName = english
        font.save(tmp_path / name)
    (tmp_path / "readme.txt").write_text("not a font")
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0nothing")
    return tmp_path


def test_licensed_fonts_come_first_and_others_fill_their_gaps(licensed: Path) -> None:
    fonts = find_fonts(str(licensed), ())
    assert fonts.families[FontRole.TITLE][0] == "FZXiaoBiaoSong-B05S"
    assert fonts.families[FontRole.FANGSONG][0] == "FangSong_GB2312"
    assert set(fonts.replaced) == {FontRole.HEI, FontRole.KAI, FontRole.SONG}
    assert not any("小标宋" in s or "仿宋" in s for s in fallback_sentences(fonts))
    pdf = render_pdf(papers.letter(Paragraph("测" * 30 + RARE)), fonts)
    page = pages_of(pdf)[0]
    own = {c.font for c in page.line("处理意见书").chars}
    body = {c.text: c.font for line in page.lines for c in line.chars if c.size == pytest.approx(16)}
    assert len(own) == 1
    assert not own & {"NotoSerifSC-Regular"}
    assert body["堃"] == "NotoSerifSC-Regular"
    assert body["测"] != "NotoSerifSC-Regular"
    assert boxes(pdf) == 0


def test_the_setting_names_the_folder(licensed: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FONTS = licensed
    assert font_set().families[FontRole.TITLE][0] == "FZXiaoBiaoSong-B05S"
    assert len(fallback_sentences()) == 3


def test_a_font_with_more_characters_comes_before_one_with_fewer(licensed: Path) -> None:
    font = TTFont(licensed / "b.otf")
    for record in font["name"].names:
        record.string = "FZFangSong-Z02" if record.langID == 0x409 else "方正仿宋_GBK"
    font.save(licensed / "c.otf")
    shutil.copy(Path(bundled_font_folder()) / "NotoSerifSC-Regular.otf", licensed / "d.otf")
    fonts = find_fonts(str(licensed), (str(licensed / "nowhere"),))
    assert set(fonts.families[FontRole.FANGSONG][:2]) == {"FangSong_GB2312", "FZFangSong-Z02"}


def test_a_folder_of_fonts_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    assert env.readable_folder("XINFANG_FONTS", {}) is None
    assert env.readable_folder("XINFANG_FONTS", {"XINFANG_FONTS": str(tmp_path)}) == tmp_path
    for wrong in (tmp_path / "nowhere", Path(__file__)):
        with pytest.raises(env.InvalidSetting, match="XINFANG_FONTS"):
            env.readable_folder("XINFANG_FONTS", {"XINFANG_FONTS": str(wrong)})
