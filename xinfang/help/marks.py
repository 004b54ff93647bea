"""The few kinds of blocks that the manual is written in, and their HTML. Nothing of the text becomes HTML by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_HEADING = re.compile(r"^(#{1,2}) (.+) \{#([a-z-]+)\}$")
_PICTURE = re.compile(r"^!\[(.+)\]\(([\w-]+\.webp)\)$")
_ITEM = re.compile(r"^(?:-|\d+\.) (.+)$")


@dataclass(frozen=True)
class ManualHeading:
    """A heading of a chapter (1) or of a section (2), with the name that leads to it."""

    level: int
    text: str
    name: str


@dataclass(frozen=True)
class ManualPicture:
    """A picture of a page, and what is to be seen in it."""

    words: str
    file: str


@dataclass(frozen=True)
class Items:
    """A list; numbered where its order is the order of work."""

    items: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True)
class ManualParagraph:
    """A paragraph."""

    text: str


Block = ManualHeading | ManualPicture | Items | ManualParagraph


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the blocks of a text, which empty lines part.

    Raises:
        ValueError: a list has a line that is no item.
    """
    for lines in (part.splitlines() for part in re.split(r"\n{2,}", text.strip())):
        first = lines[0]
        if found := _HEADING.match(first):
            yield ManualHeading(len(found[1]), found[2], found[3])
        elif found := _PICTURE.match(first):
            yield ManualPicture(found[1], found[2])
        elif _ITEM.match(first):
            items = tuple(takewhile(bool, (m[1] if (m := _ITEM.match(line)) else "" for line in lines)))
            if len(items) != len(lines):
                raise ValueError(f"in this list one line is no item: {first}")
            yield Items(items, numbered=not first.startswith("-"))
        else:
            yield ManualParagraph("".join(lines))


def html_of(blocks: Iterator[Block]) -> SafeString:
    """Return the HTML of blocks."""
    return format_html_join("\n", "{}", ((_html(block),) for block in blocks))


def _html(block: Block) -> SafeString:
    if isinstance(block, ManualHeading):
        tag = mark_safe(f"h{block.level}")  # noqa: S308 - one of two
        return format_html('<{0} id="{1}">{2}</{0}>', tag, block.name, block.text)
    if isinstance(block, ManualPicture):
        src = static(f"help/{block.file}")
        phone = mark_safe(' class="phone"') if "phone" in block.file else ""
        return format_html(
            '<figure{2}><a href="{0}"><img src="{0}" alt="{1}" loading="lazy"></a>'
            "<figcaption>{1}</figcaption></figure>",
            src,
            block.words,
            phone,
        )
    if isinstance(block, Items):
        tag = mark_safe("ol" if block.numbered else "ul")  # noqa: S308 - one of two
        return format_html("<{0}>{1}</{0}>", tag, format_html_join("", "<li>{}</li>", ((i,) for i in block.items)))
    return format_html("<p>{}</p>", block.text)
