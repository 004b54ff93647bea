"""How much there is to draw on a page of an OFD, counted before anything is drawn.

A group of objects that is shown ten times, within another that is shown ten times, and so on, is a small file that
would never end. Each group is counted once, however often it is shown.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from xinfang.attachments.ofd_package import Resources, elements, local_name

MAX_WEIGHT = 100_000
"""Objects that a page may have, some 6 seconds of the processor; of characters, half as many."""
_CHARACTER = 2
"""What a character of text weighs in objects: it is drawn, and looked for."""
_MAX_DEPTH = 20
_LIGHT = 100
"""Parts of an object, and characters of a path, that weigh as much as an object."""


class PageWeight:
    """What the blocks of one page weigh together."""

    def __init__(self, resources: Resources) -> None:
        self._resources, self._weight = resources, 0
        self._groups: dict[str, tuple[int, int]] = {}

    def weighed(self, blocks: Iterable[Element]) -> list[Element]:
        """Return these blocks of the page.

        Raises:
            ValueError: the page has too much on it, or blocks within blocks without end.
        """
        found = []
        for block in blocks:
            self._weight += self._block(block, 0)[0]
            if self._weight > MAX_WEIGHT:
                raise ValueError("too much on a page")
            found.append(block)
        return found

    def _block(self, block: Element, depth: int) -> tuple[int, int]:
        """Return what a block weighs, and how many blocks are within each other in it.

        Raises:
            ValueError: too many.
        """
        if depth > _MAX_DEPTH:
            raise ValueError("blocks within blocks without end")
        weight, height = 1, 0
        for item in block:
            kind, inner = local_name(item), (0, 0)
            if item.get("Visible") == "false":
                pass
            elif kind == "PageBlock":
                inner = self._block(item, depth + 1)
            elif kind == "CompositeObject":
                inner = self._group(item.get("ResourceID", ""), depth + 1)
            weight += 1 + inner[0] + (_parts(item) if kind != "PageBlock" else 0)
            height = max(height, inner[1])
        return weight, height + 1

    def _group(self, ident: str, depth: int) -> tuple[int, int]:
        """Return the same of a group of objects.

        Raises:
            ValueError: too many blocks are within each other.
        """
        found = self._resources.get(("CompositeGraphicUnit", ident))
        if found is None:
            return 0, 0
        if ident not in self._groups:
            inner = [self._block(content, depth) for content in elements(found[0], "Content")]
            weight = sum(w for w, _ in inner) + len(found[0])
            self._groups[ident] = weight, max((height for _, height in inner), default=0)
        weight, height = self._groups[ident]
        if depth + height > _MAX_DEPTH + 1:
            raise ValueError("blocks within blocks without end")
        return weight, height


def _parts(item: Element) -> int:
    said = light = 0
    for part in item.iter():
        light += 1
        if local_name(part) == "TextCode":
            said += _CHARACTER * len(part.text or "")
        else:
            light += len(part.text or "")
    return said + light // _LIGHT
