"""The receipt as a file to keep, and the page that checks receipts: on this device, or here where it runs no script."""

from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.attachments.upload_handler import for_anybody
from xinfang.web.dates import moment_text
from xinfang.window.forms import CheckForm
from xinfang.window.queries.night_seal import seal_over
from xinfang.window.queries.receipts import receipt_of
from xinfang.window.receipt_file import checker_file, file_name, receipt_file
from xinfang.window.receipt_proof import CheckedReceipt, check_receipt
from xinfang.window.receipts import own_keys, published_key_ids
from xinfang.window.views.pages import WindowRequest, also_while_waiting, proven_page, window_page


def _to_save(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


@require_safe
@proven_page
@also_while_waiting
def receipt_to_save(request: WindowRequest) -> HttpResponse:
    """Send the receipt as a file that checks itself; after the night, with the seal that covers its registration.

    Raises:
        Http404: the case was not submitted here.
    """
    receipt = receipt_of(request.proven.number)
    if receipt is None:
        raise Http404
    number = receipt.said["number"]
    return _to_save(
        receipt_file(receipt, seal_over(number, receipt.said["event"])), file_name(number, receipt.received_at)
    )


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """Show where a receipt is checked; check what was sent, where the browser couldn't. Nothing of it is kept."""
    found: CheckedReceipt | None = None
    if request.method == "POST":
        sent = request.FILES.get("file")
        written = sent.read().decode("utf-8", "replace") if sent is not None else request.POST.get("text", "")
        found = check_receipt(written.replace("\r\n", "\n"))
    context = {
        "form": CheckForm(), "found": found, "key": " ".join(own_keys()), "key_id": published_key_ids(),
        "received": moment_text(found.received_at) if found and found.is_right else "",
    }  # fmt: skip
    return window_page(request, "window/check.html", context)


@require_safe
def check_file(request: HttpRequest) -> HttpResponse:
    """Send the page that checks receipts as a file, with the public key inside."""
    return _to_save(checker_file(settings.DEPARTMENT), "核对信访回执.html")
