"""Invented papers for the tests of layout."""

import io
from datetime import date

from PIL import Image

from xinfang.papers.content import Block, PaperContent, PaperForm, PaperTable, Paragraph, Picture, TableCell
from xinfang.procedure.words import PaperKind

DEPARTMENT = "某某自治区科学技术厅"
HAN = "测"


def letter(*blocks: Block, **changes: object) -> PaperContent:
    """A full reply: every optional part is there unless it is changed."""
    said: dict[str, object] = {
        "kind": PaperKind.REPLY_OPINION,
        "form": PaperForm.LETTER,
        "title": "关于某项目验收问题的信访处理意见书",
        "department": DEPARTMENT,
        "number": "某科信答〔2026〕12号",
        "addressee": "张某某",
        "blocks": blocks or (Paragraph(HAN * 1200),),
        "signer": DEPARTMENT,
        "day": date(2026, 11, 2),
        "sealed": True,
    }
    return PaperContent(**(said | changes))  # type: ignore[arg-type]


def document(*blocks: Block, **changes: object) -> PaperContent:
    said: dict[str, object] = {
        "kind": PaperKind.COMPLETION_REPORT,
        "form": PaperForm.DOCUMENT,
        "title": "关于某信访事项办理情况的报告",
        "number": "某科信〔2026〕3号",
        "addressee": "某某自治区信访局",
        "copies_to": ("某某自治区人民政府办公厅", "某单位"),
        "printed_by": "某某自治区科学技术厅办公室",
    }
    return letter(*blocks, **(said | changes))


def sheet(*blocks: Block, **changes: object) -> PaperContent:
    said = {"kind": PaperKind.REGISTRATION_SHEET, "form": PaperForm.SHEET, "title": "信访事项登记表", "blocks": blocks}
    return PaperContent(**(said | changes))  # type: ignore[arg-type]


def record(*blocks: Block, **changes: object) -> PaperContent:
    return sheet(
        *blocks, kind=PaperKind.CONVERSATION_RECORD, **({"form": PaperForm.RECORD, "title": "接谈记录"} | changes)
    )


def table(rows: int, text: str = "内容") -> PaperTable:
    head = tuple(TableCell(name, label=True) for name in ("序号", "名称", "说明"))
    return PaperTable(
        3, (head, *((TableCell(str(i)), TableCell(f"材料{i}"), TableCell(text)) for i in range(1, rows + 1))), head=1
    )


class BlueField:
    """A drawing that is blue from edge to edge."""

    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 140 60"><rect width="140" height="60" fill="#00f"/></svg>'
    )

    @property
    def png(self) -> bytes:
        made = io.BytesIO()
        Image.new("RGB", (140, 60), "#0000ff").save(made, "PNG")
        return made.getvalue()


def picture() -> Picture:
    return Picture(BlueField(), 140, 60, "一片蓝色")
