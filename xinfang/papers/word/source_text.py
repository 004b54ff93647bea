"""Content written as the text that people edit (`papers.source`), so that reading the text gives the content again."""

from collections.abc import Iterable, Mapping

from xinfang.papers.content import (
    Block,
    Caption,
    Heading,
    PageBreak,
    PaperTable,
    Paragraph,
    Picture,
    SignatureLine,
    TableCell,
)
from xinfang.papers.source import HEAD_FIELDS, quote_words


def source_text(head: Mapping[str, tuple[str, ...]], blocks: Iterable[Block]) -> str:
    """Write the text of a paper with this head and these blocks."""
    lines = [f"{name}：{quote_words(value)}" for name in HEAD_FIELDS for value in head.get(name, ())]
    lines.append("---")
    for block in blocks:
        if isinstance(block, Paragraph | Caption):
            # Only in a cell would a colon at the end be read as a mark.
            words = quote_words(block.text)
            lines.append(f"{words[:-2]}：" if words.endswith("\\：") else words)
        elif isinstance(block, Heading):
            lines.append(f"{'#' * block.level} {quote_words(block.text)}")
        elif isinstance(block, SignatureLine):
            lines.append(" ".join(f"~ {quote_words(label)}" for label in block.labels))
        elif isinstance(block, PageBreak):
            lines.append("===")
        elif isinstance(block, Picture):
            lines.append(quote_words(block.words))
        elif isinstance(block, PaperTable):
            # An empty line ends a table, so that the next one isn't read as more of it.
            lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in block.rows] + [""]
    return "\n".join(lines) + "\n"


def _cell(cell: TableCell) -> str:
    text = quote_words(cell.text) + ("：" if cell.label else "")
    span = f" <{cell.span}" if cell.span > 1 else ""
    return text + span + (f" ^{cell.lines}" if cell.lines > 1 else "")
