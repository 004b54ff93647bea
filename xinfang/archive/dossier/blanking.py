"""What a bound page doesn't show: the inquiry code, by which whoever holds it asks about the case."""

import json
from pathlib import Path

from xinfang.attachments.page_images import RenderingFailed
from xinfang.core import isolated

_PROGRAM = str(Path(__file__).with_name("blanking_program.py"))
_SECONDS = 90


def pages_without(words: str, data: bytes, longest: int, turned: int = 0) -> dict[int, bytes]:
    """Return the pages of a PDF that hold these words, drawn as JPEG without them, by page number from 1.

    Words that are only seen, as in the picture of a scan, aren't found.

    Raises:
        RenderingFailed: the file can't be read within the limits.
    """
    answer = isolated.run(_PROGRAM, str(longest), str(turned), data=words.encode() + b"\n" + data, seconds=_SECONDS)
    if answer is None or answer.returncode:
        raise RenderingFailed
    head, _, rest = answer.stdout.partition(b"\n")
    pages, at = {}, 0
    for page, length in json.loads(head):
        pages[page] = rest[at : at + length]
        at += length
    return pages
