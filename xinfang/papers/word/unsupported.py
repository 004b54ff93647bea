"""What a paper can't keep is refused with what to do about it: nothing that somebody wrote or drew is lost in silence.

Messages name the place and never quote the text, which may be about people.
"""

from typing import Any

from docx.oxml.ns import qn

from xinfang.papers.source import WordingSyntaxError
from xinfang.papers.word.opening import WordParts

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TRACKED = "有还没有处理的修订。请在“审阅”里接受或拒绝全部修订、关闭修订后保存，再上传。"
_COMMENT = "有批注，批注不会进入文书。请处理后删除全部批注并保存，再上传。"
_PICTURE = "有图片、图形或嵌入的对象，文书正文里不能有。请删去它（需要时另作附件材料）后再上传。"
_NOTE = "有脚注或尾注，文书里没有放它的地方。请把内容写进正文，删去脚注后再上传。"
_BOX = "有文本框。请把框里的文字移到正文、删去文本框后再上传。"
_STRUCK = "有加了删除线的文字，看不出是否还要。请删去这些文字或取消删除线后再上传。"
_HIDDEN = "有隐藏文字。请取消隐藏或删去它后再上传。"
_RAISED = "有上标或下标，文书里保留不了。请改成普通文字（例如“平方米”）后再上传。"
_NESTED = "有表格套表格。请把里面的表格移出来后再上传。"
_MERGED = "有上下合并的单元格。请拆分成逐行的单元格后再上传。"
_FORMULA = "有公式。请改写成普通文字（或另作附件材料）后再上传。"
_SYMBOL = "有用“插入符号”放进来的特殊符号。请换成普通文字后再上传。"
_RUBY = "有拼音指南（注音）。请取消注音后再上传。"
_INSERTED = "嵌入了另一个文件的内容。请把文字复制进来后再上传。"

_REFUSED = {
    **{qn(f"w:{name}"): _TRACKED for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge")},
    **{qn(f"w:{name}"): _COMMENT for name in ("commentReference", "commentRangeStart")},
    **{qn(f"w:{name}"): _NOTE for name in ("footnoteReference", "endnoteReference")},
    **{qn(f"w:{name}"): _PICTURE for name in ("drawing", "pict", "object", "control")},
    qn("w:sym"): _SYMBOL,
    qn("w:ruby"): _RUBY,
    qn("w:altChunk"): _INSERTED,
    qn("w:subDoc"): _INSERTED,
    f"{_MATH}oMath": _FORMULA,
}
_LOOKS = {qn("w:vanish"): _HIDDEN, qn("w:strike"): _STRUCK, qn("w:dstrike"): _STRUCK}


def on(element: Any) -> bool:
    """Tell whether a yes-or-no property says yes."""
    return element is not None and element.get(qn("w:val"), "1") not in ("0", "false", "off", "none")


def refuse_what_cannot_be_kept(file: WordParts, own_boxes: frozenset[Any]) -> None:
    """Refuse a file in which something would be lost.

    `own_boxes` are text boxes that LibreOffice made of the program's frames.

    Raises:
        WordingSyntaxError: something would be lost; it names the first such thing.
    """
    number = 0
    for element in _walk(file.body, own_boxes):
        if element.tag == qn("w:p"):
            number += 1
        complaint = _complaint(file, element)
        if complaint:
            raise WordingSyntaxError(f"Word 文件第 {max(1, number)} 段{complaint}")
    for root in file.running.values():
        for element in _walk(root, own_boxes):
            complaint = _complaint(file, element)
            if complaint:
                raise WordingSyntaxError(f"Word 文件的页眉或页脚{complaint}")


def _walk(root: Any, own_boxes: frozenset[Any]) -> Any:
    """Yield every element in order, without what is in the program's own frames."""
    stack = [root]
    while stack:
        element = stack.pop()
        if element in own_boxes or not isinstance(element.tag, str):
            continue
        yield element
        stack.extend(reversed(element))


def _complaint(file: WordParts, element: Any) -> str:
    tag = element.tag
    if tag in (qn("w:drawing"), qn("w:pict")) and any(True for _ in element.iter(qn("w:txbxContent"))):
        return _BOX
    if tag in _REFUSED:
        return _REFUSED[tag]
    if tag == qn("w:tbl") and any(parent.tag == qn("w:tc") for parent in element.iterancestors()):
        return _NESTED
    if tag == qn("w:vMerge") and element.get(qn("w:val"), "continue") != "restart":
        return _MERGED
    if tag == qn("w:r"):
        return _run(file, element)
    return ""


def _run(file: WordParts, run: Any) -> str:
    if not any(text.text for text in run.iter(qn("w:t"))):
        return ""
    own = run.find(qn("w:rPr"))
    for tag, complaint in _LOOKS.items():
        direct = own.find(tag) if own is not None else None
        if on(direct) or (direct is None and _by_style(file, run, own, tag)):
            return complaint
    raised = own.find(qn("w:vertAlign")) if own is not None else None
    if raised is not None and raised.get(qn("w:val")) in ("superscript", "subscript"):
        return _RAISED
    return ""


def _by_style(file: WordParts, run: Any, own: Any, tag: str) -> bool:
    """Tell whether the style of the run or of its paragraph says so."""
    ids = []
    style = own.find(qn("w:rStyle")) if own is not None else None
    if style is not None:
        ids.append(style.get(qn("w:val"), ""))
    paragraph = next(run.iterancestors(qn("w:p")), None)
    ids.append(style_id(paragraph) if paragraph is not None else "")
    for key in ids:
        seen: set[str] = set()
        while key not in seen:
            seen.add(key)
            part = file.style_parts.get(key)
            looks = part.find(qn("w:rPr")) if part is not None else None
            found = looks.find(tag) if looks is not None else None
            if found is not None:
                return on(found)
            key = file.based.get(key, key)
    return False


def style_id(paragraph: Any) -> str:
    """Return the id of a paragraph's style, empty for the default."""
    properties = paragraph.find(qn("w:pPr"))
    style = properties.find(qn("w:pStyle")) if properties is not None else None
    return str(style.get(qn("w:val"), "")) if style is not None else ""
