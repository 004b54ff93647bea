"""Pages of attachments as pictures that this server drew: a reader's own programs never open a stranger's file.

Each drawing is a process of its own (`rendering_program.py`) with limits of memory and time. What was drawn stays in
this process's memory, at most 48 MB, and is given out only after asking the policy again.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from xinfang.core import isolated
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.steps.attachments import PAGED_KINDS

RENDERABLE_KINDS = PAGED_KINDS
"""Codes of `filecheck.KINDS` that can be drawn here."""
PAGE_IMAGE_SIZES = (160, 1200, 2000, 3000)
"""The longer side in pixels: a thumbnail, and three sizes to read."""
THUMBNAIL_SIZE = PAGE_IMAGE_SIZES[0]
MAX_PAGES = 500
_PROGRAM = str(Path(__file__).with_name("rendering_program.py"))
_SECONDS = 30
_SECONDS_LOW = 240
_KEPT = 48 * 2**20
_FAILURES, _FAILURE_SECONDS = 1000, 300
_AT_ONCE = threading.BoundedSemaphore(2)
"""Pages that are drawn at once in one process: pictures need memory."""


class RenderingFailed(XinfangError):
    """The file is damaged, locked or asks for too much. Its text is a sentence for the reader."""

    def __init__(self) -> None:
        super().__init__("这一页画不出来：文件可能不完整或要求的内存太多。请保存原件，用本机的程序打开。")


class DrawingFailed(RenderingFailed):
    """The drawing itself failed, and most likely would again at once."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """`pages` of the whole file; `text` of a document's page; `jpeg` is empty where only pages were counted.

    `written` is what somebody wrote into a PDF page's fields and over it, a line each.
    """

    pages: int
    text: str
    jpeg: bytes
    written: str = ""


def render_page_image(
    data: bytes, kind: str, page: int, longest: int, turned: int = 0, *, low: bool = False
) -> RenderedPage:
    """Draw one page as JPEG; with page 0 only count the pages. With `low`, every other drawing goes first.

    Raises:
        DrawingFailed: it can't be drawn within the limits.
    """
    words = (kind, str(page), str(longest), str(turned), "low" if low else "")
    with _AT_ONCE:
        drawn = isolated.run(_PROGRAM, *words, data=data, seconds=_SECONDS_LOW if low else _SECONDS)
    if drawn is None:
        raise DrawingFailed
    head, _, jpeg = drawn.stdout.partition(b"\n")
    if drawn.returncode or not head:
        raise DrawingFailed
    said = json.loads(head)
    return RenderedPage(min(said["pages"], MAX_PAGES), said["text"], jpeg, said["written"])


class PageImageCache:
    """What was drawn lately, by bytes, and what couldn't be drawn in the last 5 minutes.

    A key must change with the content, so no picture here is ever out of date.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self._rows: OrderedDict[tuple[object, ...], RenderedPage] = OrderedDict()
        self._failed: OrderedDict[tuple[object, ...], float] = OrderedDict()

    def get(self, key: tuple[object, ...], make: Callable[[], RenderedPage]) -> RenderedPage:
        """Return the picture under this key; `make` draws it where it isn't kept, and the oldest give way.

        Raises:
            DrawingFailed: it can't be drawn, or couldn't in the last 5 minutes.
        """
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
                return self._rows[key]
            if monotonic() - self._failed.get(key, -_FAILURE_SECONDS) < _FAILURE_SECONDS:
                raise DrawingFailed
        try:
            drawn = make()
        except DrawingFailed:
            with self._lock:
                self._failed.pop(key, None)
                self._failed[key] = monotonic()
                if len(self._failed) > _FAILURES:
                    self._failed.popitem(last=False)
            raise
        with self._lock:
            if key not in self._rows:
                self._rows[key] = drawn
                self._size += _weight(drawn)
                while self._size > self._most:
                    self._size -= _weight(self._rows.popitem(last=False)[1])
        return drawn


def _weight(drawn: RenderedPage) -> int:
    return len(drawn.jpeg) + 4 * len(drawn.text + drawn.written) + 200


page_image_cache = PageImageCache(_KEPT)
