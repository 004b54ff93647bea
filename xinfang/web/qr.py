"""QR codes for pages and receipts, drawn as SVG."""

import io

import segno
from django.conf import settings
from django.urls import reverse


def address_at_the_window(route: str) -> str:
    """Return the public address of a page of the window, by its route; the window's own address must be set."""
    return f"{settings.WINDOW_URL}/{reverse(route).removeprefix(reverse('window'))}"


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG, for the page."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue().decode()
