"""What PDF and Word lay out alike: how wide words are, feet, columns, the end of a paper.

Widths are in characters of the text around them; Latin letters and digits take half of one.
"""

import math
import re
from collections.abc import Iterable
from functools import cache

from xinfang.papers.content import Block, PaperContent, PaperForm, PaperTable, SignatureLine

_WIDE = "“”‘’…—·×"
"""Marks of the Latin blocks that Chinese fonts draw as wide as a character."""
TABLE_LINE = 36.8
"""The width of a table: 156 mm in letters of 12 points."""
_MARGINS = 0.75
"""Left and right of a cell's text."""
_UNBROKEN = re.compile(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[−!-~]{1,16}")
"""Dates, numbers and Latin words, which have no place to break; what is longer is broken anyway."""
_SHORT_LABEL = 4
"""A label of as many characters isn't broken, where there is room."""
_ROOM_FOR_LABELS = 0.75
"""The part of a table that columns besides the widest take at most, for the sake of their labels."""
_CAPITALS = 1.1
"""Some of them (M, %) are wider than half a character."""


def width_in_chars(text: str) -> float:
    """Return how many characters wide a line of text is."""
    return sum(0.5 if ord(c) < 0x2E80 and c not in _WIDE else 1.0 for c in text)


def department_heading(content: PaperContent) -> str:
    """Return the name in red: of a document it ends in 文件 (7.2.4), of a letter it is the name alone (10.1)."""
    name = content.department
    return name if content.form is not PaperForm.DOCUMENT or not name or name.endswith("文件") else f"{name}文件"


_TITLE_CHARS = 19.1
"""2号 characters in a line of a title, with a little room."""
_NO_START = "、，。；：？！）〕》”’的"
_NO_END = "（〔《“‘"
_TITLE_WORDS = re.compile(
    "信访事项|处理意见书|复查意见书|复核意见书|告知书|通知书|办理情况|有关情况|检举控告材料|提出异议|转送|移送|关于|等[0-9]+人"
)
"""What titles of papers are made of: a line may end before or behind these, never inside."""
_NAMES_END = re.compile("有限责任公司|股份有限公司|有限公司|公司|科学技术厅|研究院|研究所|推广站|中心|、")
"""What names of bodies end in, and what stands between names: a line may end behind these."""


def title_lines(title: str) -> list[str]:
    """Break a long title into as few lines as hold it, about equally long, each ending with a whole word (7.3.1).

    A name is broken only where no other place is left. No words are looked for in a title of many lines.
    """
    title = " ".join(title.split())
    wide, count = width_in_chars(title), math.ceil(width_in_chars(title) / _TITLE_CHARS)
    if count < 2:
        return [title]
    if count > _MOST_TITLE_LINES:
        return [title[begin : begin + int(_TITLE_CHARS)] for begin in range(0, len(title), int(_TITLE_CHARS))]
    words = [found.span() for found in _TITLE_WORDS.finditer(title)]
    endings = [found.span() for found in _NAMES_END.finditer(title)]
    between = {place for span in words for place in span} | {end for _, end in endings}
    inside = {place for begin, end in words + endings for place in range(begin + 1, end)}
    asked = wide / count

    @cache
    def best(begin: int, left: int) -> tuple[float, tuple[str, ...]]:
        """Return how bad the best lines from here on are, `left` of them, and these lines."""
        if left == 1:
            last = width_in_chars(title[begin:])
            return ((last - asked) ** 2 if last <= _WIDEST else math.inf), (title[begin:],)
        found: tuple[float, tuple[str, ...]] = (math.inf, (title[begin:],))
        for end in range(begin + 1, len(title)):
            line = width_in_chars(title[begin:end])
            if line > _WIDEST:
                break
            if _may_end(title, end):
                hurts = 0.0 if end in between else _HURTS * (3 if end in inside else 1)
                after, lines = best(end, left - 1)
                found = min(found, (after + hurts + (line - asked) ** 2, (title[begin:end], *lines)))
        return found

    # What can't be broken so is left to the renderers.
    return list(best(0, count)[1])


_MOST_TITLE_LINES = 6
_WIDEST = 20.0
"""2号 characters that a line holds at most."""
_HURTS = 100.0
"""What a break inside a word costs, in squares of characters that a line is longer or shorter than the others."""


def _may_end(text: str, cut: int) -> bool:
    """Tell whether a line may end before this character.

    Not inside a Latin word or number, and not before or after marks that belong together.
    """
    word = text[cut - 1 : cut + 1]
    return text[cut] not in _NO_START and text[cut - 1] not in _NO_END and not (word.isascii() and word.isalnum())


def page_feet(content: PaperContent) -> tuple[tuple[Block, ...], tuple[SignatureLine, ...]]:
    """Return what is in the text, and what is at the foot of every page.

    The people who talked sign each page of a record, in the lines to sign that it ends with.
    """
    blocks = list(content.blocks)
    feet: list[SignatureLine] = []
    while content.form is PaperForm.RECORD and blocks and isinstance(last := blocks[-1], SignatureLine):
        feet.insert(0, last)
        blocks.pop()
    return tuple(blocks), tuple(feet)


def copy_recipients(content: PaperContent) -> tuple[str, ...]:
    """Return the receivers of copies, without the full stop that only the last of them has (7.4.2)."""
    return tuple(name.rstrip("。") for name in content.copies_to)


def column_widths(table: PaperTable) -> tuple[float, ...]:
    """Return how many characters wide each column is, with its margins; together they are as wide as the text.

    Columns of labels are as wide as their longest label, two to five characters; the others share the rest by what they
    hold, where a label above them counts no more than that, and none is narrower than its longest number, which would
    run into the next.
    """
    longest, least, names = [0.0] * table.columns, [2.0] * table.columns, [2.0] * table.columns
    labels, filled = [True] * table.columns, [False] * table.columns
    for row in table.rows:
        place = 0
        for cell in row:
            if cell.span == 1 and place < table.columns:
                wide = _longest(cell.text.split("\n"))
                longest[place] = max(longest[place], min(wide, 5.0) if cell.label else wide)
                least[place] = max(least[place], _longest(_UNBROKEN.findall(cell.text)) * _CAPITALS)
                if cell.label and wide <= _SHORT_LABEL:
                    names[place] = max(names[place], wide)
                labels[place] &= cell.label
                filled[place] = True
            place += cell.span
    roomy = [max(pair) for pair in zip(least, names, strict=True)]
    if sum(roomy) - roomy[longest.index(max(longest))] + _MARGINS * table.columns <= _ROOM_FOR_LABELS * TABLE_LINE:
        least = roomy
    fixed = {at: _MARGINS + max(longest[at], least[at]) for at in range(table.columns) if labels[at] and filled[at]}
    shares = {at: min(max(longest[at], 3.0), 24.0) for at in range(table.columns) if at not in fixed}
    while shares:
        left = TABLE_LINE - sum(fixed.values())
        narrow = [at for at, part in shares.items() if left * part / sum(shares.values()) < least[at] + _MARGINS]
        if not narrow:
            fixed |= {at: left * part / sum(shares.values()) for at, part in shares.items()}
            break
        for at in narrow:
            fixed[at] = least[at] + _MARGINS
            del shares[at]
    # Where all of it is too wide or too narrow for the page, every column gives or takes its part.
    fits = TABLE_LINE / sum(fixed.values())
    return tuple(fixed[at] * fits for at in range(table.columns))


def _longest(lines: Iterable[str]) -> float:
    return max(map(width_in_chars, lines), default=0.0)


_ATOM = re.compile(r"[（〔“‘《]*(?:[!-~]+|.)[，。、；：？！）〕》”’]*", re.S)
"""What a line doesn't break inside: a number or a character, with the marks that belong to it."""
_LONG_NUMBER = re.compile(r"(?=[!-~]*[0-9])[!-~]{7,}")
_TORN = 2.0
"""Characters that a line may be filled up by."""


def loose_breaks(text: str, line: float, indent: float) -> list[int]:
    """Return the places before which a line ends early because a long number doesn't fit into it.

    `line` is how many characters a line holds, `indent` how many the first one leaves free. Filled up, such a line
    would be torn apart; the PDF finds the same places from the lines it has set.
    """
    found, used = [], indent
    for atom in _ATOM.finditer(text):
        wide = width_in_chars(atom[0])
        if used + wide > line:
            if line - used > _TORN and _LONG_NUMBER.search(atom[0]):
                found.append(atom.start())
            used = 0.0
        used = 0.0 if atom[0] == "\n" else used + wide
    return found


_JUSTIFIED = 16.0
"""Characters that a cell is wide at least where its lines are filled up: in a narrower one that tears words apart."""
_WHOLE_ROW, _WHOLE_TABLE = 20, 20
"""Lines that a row, and a table with a head, have at most to stay on one page; a page has about 33."""


def lines_of_rows(table: PaperTable) -> list[int]:
    """Return about how many lines high each row is."""
    widths, found = column_widths(table), []
    for row in table.rows:
        at, high = 0, 1
        for cell in row:
            wide = max(sum(widths[at : at + cell.span]) - _MARGINS, 1.0)
            needed = sum(max(1, math.ceil(width_in_chars(line) / wide)) for line in cell.text.split("\n"))
            high, at = max(high, needed, cell.lines), at + cell.span
        found.append(high)
    return found


def stays_whole(lines: int) -> bool:
    """Tell whether a row of as many lines isn't broken over pages."""
    return lines <= _WHOLE_ROW


def table_stays_whole(table: PaperTable) -> bool:
    """Tell whether a table with a head is short enough to stand on one page; a form is as long as it is."""
    # Between two rows is about half a line.
    return bool(table.head) and sum(lines + 0.5 for lines in lines_of_rows(table)) <= _WHOLE_TABLE


def is_justified(width: float) -> bool:
    """Tell whether the lines of a cell that is so many characters wide are filled up."""
    return width >= _JUSTIFIED


def signature_offset(signer: str, day: str, sealed: bool) -> tuple[int, int]:
    """Return how far signer and date are from the right, in hundredths of a character."""
    wide, date_wide = width_in_chars(signer), width_in_chars(day)
    if sealed:
        # 7.3.5.1: the date four characters from the right, the signer centred over it;
        # a very long one touches the margin.
        signer_right, day_right = 4 + date_wide / 2 - wide / 2, 4.0
        if signer_right < 0:
            signer_right, day_right = 0.0, wide / 2 - date_wide / 2
    elif date_wide > wide:
        signer_right, day_right = 4 + date_wide - wide, 2.0  # 7.3.5.2, second half
    else:
        signer_right, day_right = 2.0, wide - date_wide
    return round(signer_right * 100), round(day_right * 100)


def signature_label(name: str) -> str:
    """Return the words before a blank to write on, on one line; the colon is set behind them."""
    return " ".join(name.split()).removesuffix("：")
