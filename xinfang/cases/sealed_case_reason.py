"""A sealed case is opened for a reason: asked once in a while for each case, and kept in the access log (N30)."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from xinfang.web.page_frame import OtherPageFirst

from .models import Petition

_KEY = "sealed_reasons"
REASON_VALID_MINUTES = 30


class ReasonRequired(OtherPageFirst):
    """The page waits until the officer has said why the sealed case is opened."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number

    def url(self, request: HttpRequest) -> str:
        """Return the page that asks for the reason, and leads back here."""
        return f"{reverse('sealed-reason', args=[self.number])}?{urlencode({'next': request.path})}"


def require_reason(request: HttpRequest, petition: Petition) -> None:
    """Let a request go on if this session gave a reason for this case within the last minutes, or it isn't sealed.

    Raises:
        ReasonRequired: it gave none, or too long ago.
    """
    left = request.session.get(_KEY, {}).get(petition.number, 0) - timezone.now().timestamp()
    # More than the whole while is left of a reason that was given when the clock was ahead.
    if petition.sealed and not 0 <= left <= REASON_VALID_MINUTES * 60:
        raise ReasonRequired(petition.number)


def remember_reason(request: HttpRequest, petition: Petition) -> None:
    """Let this session open this case from now on, for a while."""
    now = timezone.now().timestamp()
    valid = {number: until for number, until in request.session.get(_KEY, {}).items() if until > now}
    request.session[_KEY] = valid | {petition.number: now + REASON_VALID_MINUTES * 60}
