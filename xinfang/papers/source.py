r"""A paper's text as people write and edit it: plain lines with a few marks, read into content.

    标题：关于张三信访事项的受理告知书        the head: one `名称：值` a line, in any order
    主送：张三
    落款：内蒙古自治区科学技术厅
    日期：2026年11月2日
    附件：1份材料清单                         may be repeated, as may 抄送
    ---                                        ends the head
    正文的一段                                 every line a paragraph (two characters indented by the layout)
    # 一级标题                                 ## （一）, ### 1., #### （1）; numbers are added by the layout
    | 标签： | 值 | 标签： | 值 <3 |           a table row; a cell ending in ： is a label (printed without it);
                                               <3 spans three columns, ^4 keeps four lines' height
    ~ 信访人（签名） ~ 日期                    a line to sign on
    ===                                        a new page

A backslash takes a mark's meaning away (`\#`, `\|`, `\~`, `\=`, `\-`, `\<`, `\^`, `\：`, `\\`), and `\n` is a new line
inside a cell or a new paragraph. What a petitioner wrote is always put in with `quote_words`, so that it can never be
read as a mark. A heading with nothing under it is left out.
"""

import re
from dataclasses import dataclass
from datetime import date

from xinfang.papers.content import Block, Heading, PageBreak, PaperTable, Paragraph, SignatureLine, TableCell
from xinfang.procedure.errors import XinfangError

HEAD_FIELDS = ("标题", "主送", "落款", "日期", "附件", "抄送", "附注", "紧急程度", "签发人")
"""The names that a head may use."""
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


class PaperError(XinfangError, ValueError):
    """A paper that can't be made of its text. Says in the user's words why, and what to do."""


class WordingSyntaxError(PaperError):
    """A text that can't be read as a paper. Says in the user's words which line, and what to do."""


@dataclass(frozen=True)
class ParsedSource:
    """A text that was read: its head by name, and its blocks."""

    head: dict[str, tuple[str, ...]]
    blocks: tuple[Block, ...]

    def one(self, name: str) -> str:
        """Return the first value of this name in the head, empty where there is none."""
        return self.head.get(name, ("",))[0]

    @property
    def day(self) -> date | None:
        """The 成文日期; the text was refused if it is no date."""
        found = _DAY.fullmatch(self.one("日期"))
        return date(*map(int, found.groups())) if found else None


def quote_words(text: str) -> str:
    """Quote somebody's words, so that they are read as words."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Only where it could be read as a mark: people edit this text, and a backslash in every telephone number
    # is in their way.
    text = re.sub(r"[\\|~<^]|^\s*[#=-]|：$", lambda m: f"{m[0][:-1]}\\{m[0][-1]}", text)
    return text.replace("\n", "\\n")


def _plain(text: str) -> str:
    """Return the words themselves, a quoted new line as a new line."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], text)


def _split(line: str, mark: str) -> list[str]:
    """Return the parts between marks that aren't quoted."""
    parts = [""]
    place = 0
    while place < len(line):
        if line[place] == "\\" and place + 1 < len(line):
            parts[-1] += line[place : place + 2]
            place += 2
            continue
        if line[place] == mark:
            parts.append("")
        else:
            parts[-1] += line[place]
        place += 1
    return parts


_LABEL = re.compile(r"(?<!\\)(?:\\\\)*：$")
"""A colon at the end, and no odd backslash that takes its meaning away."""
_SIZE = re.compile(r"(?<!\\)(?:\\\\)*\s*([<^])(\d{1,2})\s*$")


def split_cells(line: str) -> list[str]:
    """Return what stands between the bars of a table's row, still with its marks."""
    return _split(line, "|")


def without_sizes(cell: str) -> str:
    """Return a cell's text, still quoted, without the marks that say how large it is."""
    return _sized(cell)[0]


def _sized(text: str) -> tuple[str, dict[str, int]]:
    sizes = {"<": 1, "^": 1}
    while found := _SIZE.search(text):
        sizes[found[1]] = max(1, int(found[2]))
        text = text[: found.start(1)]
    return text.strip(), sizes


def _cell(text: str) -> TableCell:
    text, sizes = _sized(text)
    label = bool(_LABEL.search(text))
    return TableCell(_plain(text[:-1] if label else text), sizes["<"], sizes["^"], label)


def parse_source(text: str) -> ParsedSource:
    """Read a text.

    Raises:
        WordingSyntaxError: it can't be read; it names its line and what is wrong with it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head: dict[str, tuple[str, ...]] = {}
    body_from = None
    for place, line in enumerate(lines, 1):
        if line.strip() == "---":
            body_from = place
            break
        if not line.strip():
            continue
        name, colon, value = line.partition("：")
        if not colon or name.strip() not in HEAD_FIELDS:
            raise WordingSyntaxError(
                f"第 {place} 行“{line.strip()[:20]}”不是文书的抬头项。抬头每行写“名称：内容”，名称可以是{'、'.join(HEAD_FIELDS)}，"
                "抬头与正文之间用一行 --- 隔开。"
            )
        if value.strip():
            head[name.strip()] = (*head.get(name.strip(), ()), _plain(value.strip()).replace("\n", " "))
    if body_from is None:
        raise WordingSyntaxError("没有找到把抬头与正文隔开的一行 ---。请在抬头之后单独写一行 ---。")
    if not head.get("标题"):
        raise WordingSyntaxError("文书没有标题。请在抬头写一行“标题：……”。")
    given = head.get("日期", ("",))[0]
    if given:
        found = _DAY.fullmatch(given)
        try:
            date(*map(int, found.groups())) if found else date.fromisoformat("?")
        except ValueError:
            raise WordingSyntaxError(f"日期“{given[:20]}”不是有效日期。请写成 2026年11月2日 的样子。") from None
    return ParsedSource(head, _without_empty(_blocks(lines[body_from:], body_from)))


def _blocks(lines: list[str], before: int) -> list[Block]:
    blocks: list[Block] = []
    rows: list[tuple[TableCell, ...]] = []

    def end_table(place: int) -> None:
        if not rows:
            return
        widths = {sum(c.span for c in row) for row in rows}
        if len(widths) > 1:
            raise WordingSyntaxError(
                f"第 {place} 行之前的表格各行宽度不一（{'、'.join(map(str, sorted(widths)))} 栏）。请用 <n 补足。"
            )
        blocks.append(PaperTable(widths.pop(), tuple(rows)))
        rows.clear()

    for place, raw in enumerate(lines, before + 1):
        line = raw.strip()
        if line.startswith("|"):
            cells = split_cells(line)
            if len(cells) < 3 or cells[-1].strip():
                raise WordingSyntaxError(f"第 {place} 行的表格没有以 | 结束。每一格的两边都要有 |。")
            rows.append(tuple(_cell(c) for c in cells[1:-1]))
            continue
        end_table(place)
        if not line:
            continue
        marks = len(line) - len(line.lstrip("#"))
        if marks:
            if marks > 4:
                raise WordingSyntaxError(f"第 {place} 行的标题有 {marks} 个 #，最多四级。")
            blocks.append(Heading(marks, _plain(line[marks:].strip()).replace("\n", " ")))
        elif line.startswith("~"):
            blocks.append(SignatureLine(tuple(_plain(p.strip()) for p in _split(line, "~")[1:] if p.strip())))
        elif line == "===":
            blocks.append(PageBreak())
        else:
            blocks += [Paragraph(p.strip()) for p in _plain(line).split("\n") if p.strip()]
    end_table(before + len(lines))
    return blocks


def _without_empty(blocks: list[Block]) -> tuple[Block, ...]:
    """Leave out headings over nothing: an optional fact that isn't there leaves no trace."""
    kept: list[Block] = []
    for block in reversed(blocks):
        if isinstance(block, Heading):
            following = next((b for b in reversed(kept) if not isinstance(b, PageBreak)), None)
            if following is None or (isinstance(following, Heading) and following.level <= block.level):
                continue
        kept.append(block)
    return tuple(reversed(kept))
