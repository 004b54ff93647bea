"""Several papers as one: how many pages a PDF has, and PDFs one after the other, ready for the printer."""

from collections.abc import Iterable
from io import BytesIO

import pikepdf


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF made here has."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def join_pdfs(pdfs: Iterable[bytes], *, two_sided: bool = False) -> bytes:
    """Join the pages of all of them in order.

    `two_sided` adds a blank page where the next paper would begin on a back.
    """
    whole = pikepdf.new()
    for pdf in pdfs:
        with pikepdf.open(BytesIO(pdf)) as document:
            whole.pages.extend(document.pages)
        if two_sided and len(whole.pages) % 2:
            width, height = (float(x) for x in whole.pages[-1].mediabox[2:])
            whole.add_blank_page(page_size=(width, height))
    target = BytesIO()
    whole.save(target)
    return target.getvalue()
