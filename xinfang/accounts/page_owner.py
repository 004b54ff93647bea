"""For whom a page was made.

Two people may sign in, one after the other, in two tabs of one browser: what the first has typed must neither be sent
nor kept in the name of the second.
"""

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import Staff

OWNER_FIELD = "made_for"
OWNER_HEADER = "X-Made-For"
"""A page that works by script says here whom it was made for; its forms say it in the field."""


def owner_mark(staff: Staff) -> str:
    """Return the mark of a person in the pages made for them, which says nothing about them."""
    return salted_hmac("xinfang.accounts.page_owner", str(staff.pk), algorithm="sha256").hexdigest()[:24]


def is_for_another(request: HttpRequest, staff: Staff) -> bool:
    """Tell whether this comes from a page made for somebody other than `staff`, who is signed in now.

    Without a mark it can't be known: False.
    """
    said = request.headers.get(OWNER_HEADER) or (request.POST.get(OWNER_FIELD) if request.method == "POST" else "")
    return bool(said) and not constant_time_compare(said or "", owner_mark(staff))
