"""How papers look in Word: the numbers of GB/T 9704-2012 as paragraph styles.

Lengths are in twips (1/20 pt) unless said otherwise. Reading back knows a paragraph by the name of its style, so names
here must stay as they are for files that are already outside.
"""

from dataclasses import dataclass, replace
from enum import Enum

# The sheet (5.1, 5.2): A4, 版心 156 mm x 225 mm, 22 lines of 28 characters.
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1587, 1462
"""The right edge is 0.2 mm further out than 26 mm: programs round a character's width, and 28 of them must fit."""
WIDTH = PAGE_WIDTH - LEFT - RIGHT
LINES = 22
PITCH = 579
"""From line to line: 225 mm / 22, rounded down so that the 22nd line still fits."""
SPREAD = -4
"""Added to every character, so that 28 of 16 pt fit into 156 mm.

Written as spacing of the characters and not as a grid of characters (charSpace -849): LibreOffice gives a character two
cells as soon as it is wider than one, and Word draws both the same.
"""
CHAR = 316
"""From character to character: 16 pt less the above."""
MM = 56.6929
"""Twips in a millimetre."""

BODY_SIZE, TITLE_SIZE, FOOT_SIZE, TABLE_SIZE = 16.0, 22.0, 14.0, 12.0
"""Points: 3号, 2号, 4号, 小4号."""
TABLE_PITCH, TABLE_INSET = 360, 55
"""From line to line in tables, and the room above and below in a cell."""
PLAIN_SIZE, PLAIN_PITCH = 14.0, 480
"""Text of forms and records for use inside the department."""
RED = "E60012"


class WordFont(Enum):
    """A type face by the name the standard's users have installed; the second name is what Word may take instead."""

    FANG = ("仿宋_GB2312", "仿宋")
    TITLE = ("方正小标宋简体", "华文中宋")
    HEI = ("黑体", "SimHei")
    KAI = ("楷体_GB2312", "楷体")
    SONG = ("宋体", "SimSun")


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style.

    `indent`, `left`, `right` are in hundredths of a character; `before`, `after`, `pitch` in twips.
    """

    id: str
    name: str
    face: WordFont = WordFont.FANG
    size: float = BODY_SIZE
    align: str = "both"
    indent: int = 0
    left: int = 0
    right: int = 0
    before: int = 0
    after: int = 0
    pitch: int = PITCH
    color: str = ""
    keep: bool = False
    """Stays on the page of what follows."""
    text: bool = False
    """Text that is set by the 22 lines of 28 characters in letters and documents, and plainly in forms and records."""
    level: int = 0
    """1 to 4 for a heading."""
    next: str = "Body"
    rule: str = "exact"
    """How `pitch` is meant. Exact lines cut off a picture that is higher; "auto" ones grow with it."""


BODY = ParagraphStyle("Body", "文书正文", text=True, indent=200)
_HEADING = ParagraphStyle("", "", text=True, indent=200, align="both", keep=True)
STYLES: tuple[ParagraphStyle, ...] = (
    ParagraphStyle("Normal", "Normal", next="Normal"),
    ParagraphStyle("DepartmentName", "文书标志", WordFont.TITLE, 36.0, "center", pitch=720, color=RED),
    ParagraphStyle("Issuer", "文书机关", WordFont.SONG, FOOT_SIZE, "center", pitch=PLAIN_PITCH, next="PaperTitle"),
    ParagraphStyle("Number", "文书文号", text=True, next="Number"),
    ParagraphStyle("Urgency", "文书紧急程度", WordFont.HEI, text=True, align="left", next="Number"),
    ParagraphStyle("PaperTitle", "文书标题", WordFont.TITLE, TITLE_SIZE, "center", keep=True, next="To"),
    ParagraphStyle("To", "文书主送", text=True, align="left", before=PITCH),
    BODY,
    ParagraphStyle("BodyFlush", "文书顶格正文", text=True),
    *(
        replace(_HEADING, id=f"Heading{level}", name=f"heading {level}", face=face, level=level)
        for level, face in enumerate((WordFont.HEI, WordFont.KAI, WordFont.FANG, WordFont.FANG), 1)
    ),
    ParagraphStyle("Attached", "文书附件", text=True, align="left", keep=True, next="Attached"),
    ParagraphStyle("Signer", "文书落款", text=True, align="right", keep=True, next="Day"),
    ParagraphStyle("Day", "文书日期", text=True, align="right", next="Note"),
    ParagraphStyle("Note", "文书附注", text=True, indent=200),
    ParagraphStyle("Label", "文书栏目名", WordFont.HEI, TABLE_SIZE, "center", pitch=TABLE_PITCH, next="Label"),
    ParagraphStyle("Entry", "文书表格", WordFont.FANG, TABLE_SIZE, "both", pitch=TABLE_PITCH, next="Entry"),
    ParagraphStyle(
        "Caption", "文书图表名", WordFont.HEI, TABLE_SIZE, "center", before=180, pitch=PLAIN_PITCH, keep=True
    ),
    ParagraphStyle("Picture", "文书图", align="center", pitch=240, rule="auto"),
    ParagraphStyle("SignHere", "文书签字", text=True, align="left", before=PITCH // 2, next="SignHere"),
    ParagraphStyle("NewPage", "文书分页", size=1.0, pitch=20),
    ParagraphStyle("Gap", "文书间隔", size=1.0, pitch=20),
    ParagraphStyle("Copies", "文书抄送", size=FOOT_SIZE, left=400, right=100, pitch=500, next="Copies"),
    ParagraphStyle("Printed", "文书印发", size=FOOT_SIZE, left=100, right=100, pitch=500, next="Printed"),
    ParagraphStyle("Running", "文书页眉页脚", WordFont.SONG, FOOT_SIZE, "left", pitch=280, next="Running"),
    ParagraphStyle("Mark", "文书边注", WordFont.HEI, TABLE_SIZE, "left", pitch=280, color="7F7F7F", next="Mark"),
)
BY_NAME = {style.name: style for style in STYLES}
MADE = ("Made", "文书生成文字")
"""The character style of words that are not part of the text: 附件：, 1., and the like. Left out when read back."""
