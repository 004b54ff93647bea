"""Invented papers for the tests of layout."""

from datetime import date

from xinfang.papers.content import Block, Cell, Content, Form, Para, Table
from xinfang.procedure.words import PaperKind

DEPARTMENT = "某某自治区科学技术厅"
HAN = "测"


def letter(*blocks: Block, **changes: object) -> Content:
    """A full reply: every optional part is there unless it is changed."""
    said: dict[str, object] = {
        "kind": PaperKind.REPLY_OPINION,
        "form": Form.LETTER,
        "title": "关于某项目验收问题的信访处理意见书",
        "department": DEPARTMENT,
        "number": "某科信答〔2026〕12号",
        "addressee": "张某某",
        "blocks": blocks or (Para(HAN * 1200),),
        "signer": DEPARTMENT,
        "day": date(2026, 11, 2),
        "sealed": True,
    }
    return Content(**(said | changes))  # type: ignore[arg-type]


def document(*blocks: Block, **changes: object) -> Content:
    said: dict[str, object] = {
        "kind": PaperKind.COMPLETION_REPORT,
        "form": Form.DOCUMENT,
        "title": "关于某信访事项办理情况的报告",
        "number": "某科信〔2026〕3号",
        "addressee": "某某自治区信访局",
        "copies_to": ("某某自治区人民政府办公厅", "某单位"),
        "printed_by": "某某自治区科学技术厅办公室",
    }
    return letter(*blocks, **(said | changes))


def sheet(*blocks: Block, **changes: object) -> Content:
    said = {"kind": PaperKind.REGISTRATION_SHEET, "form": Form.SHEET, "title": "信访事项登记表", "blocks": blocks}
    return Content(**(said | changes))  # type: ignore[arg-type]


def record(*blocks: Block, **changes: object) -> Content:
    return sheet(*blocks, kind=PaperKind.CONVERSATION_RECORD, **({"form": Form.RECORD, "title": "接谈记录"} | changes))


def table(rows: int, text: str = "内容") -> Table:
    head = tuple(Cell(name, label=True) for name in ("序号", "名称", "说明"))
    return Table(3, (head, *((Cell(str(i)), Cell(f"材料{i}"), Cell(text)) for i in range(1, rows + 1))), head=1)
