"""The label for the paper original of a case: printed, stuck on, and read when the sheet is scanned."""

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.labels import label_svg
from xinfang.attachments.original_places import place_words
from xinfang.cases.access import case_or_404
from xinfang.web.dates import chinese_date
from xinfang.web.page_frame import render_page


@require_safe
@desk_page()
def label(request: DeskRequest, number: str) -> HttpResponse:
    """Show the label of a case: its number, also as a QR code, and the day of receipt. Nobody's name is on it."""
    found = case_or_404(request, number).petition
    context = {
        "petition": found,
        # Drawn here from a number.
        "code": mark_safe(label_svg(found.number)),  # noqa: S308
        "place": place_words(found),
        "received": chinese_date(found.received_on),
    }
    return render_page(request, "attachments/label.html", context, here="petitions")
