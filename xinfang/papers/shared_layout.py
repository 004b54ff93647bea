"""What PDF and Word lay out alike: how wide words are, feet, columns, the end of a paper.

Widths are in characters of the text around them; Latin letters and digits take half of one.
"""

import re
from collections.abc import Iterable

from xinfang.papers.content import Block, PaperContent, PaperForm, PaperTable, SignatureLine

_WIDE = "“”‘’…—·×"
"""Marks of the Latin blocks that Chinese fonts draw as wide as a character."""
TABLE_LINE = 36.8
"""The width of a table: 156 mm in letters of 12 points."""
_MARGINS = 0.75
"""Left and right of a cell's text."""
_UNBROKEN = re.compile(r"[!-~]{1,16}")
"""Numbers and Latin words, which have no place to break; what is longer is broken anyway."""
_CAPITALS = 1.1
"""Some of them (M, %) are wider than half a character."""


def width_in_chars(text: str) -> float:
    """Return how many characters wide a line of text is."""
    return sum(0.5 if ord(c) < 0x2E80 and c not in _WIDE else 1.0 for c in text)


def department_heading(content: PaperContent) -> str:
    """Return the name in red: of a document it ends in 文件 (7.2.4), of a letter it is the name alone (10.1)."""
    name = content.department
    return name if content.form is not PaperForm.DOCUMENT or not name or name.endswith("文件") else f"{name}文件"


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
    longest, least = [0.0] * table.columns, [2.0] * table.columns
    labels, filled = [True] * table.columns, [False] * table.columns
    for row in table.rows:
        place = 0
        for cell in row:
            if cell.span == 1 and place < table.columns:
                wide = _longest(cell.text.split("\n"))
                longest[place] = max(longest[place], min(wide, 5.0) if cell.label else wide)
                least[place] = max(least[place], _longest(_UNBROKEN.findall(cell.text)) * _CAPITALS)
                labels[place] &= cell.label
                filled[place] = True
            place += cell.span
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
