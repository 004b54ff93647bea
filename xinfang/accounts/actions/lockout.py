"""Locking out after wrong passwords or codes: django-axes counts in the database, the limits are set here.

Three counts, each within a quarter of an hour:
- 5 failures for one user name from one address: that address can't try this name (others can, and so can the owner).
- 20 failures for one user name from anywhere: the account is locked, from every address. As one address never gets
  beyond 5, a single noisy machine can't lock a colleague's account; it takes four.
- 60 failures from one address: that address is locked. A whole floor may share one, so the number is high.
"""

from datetime import timedelta
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.vault.keys import keyring

PAIR, NAME, ADDRESS = 5, 20, 60
_LIMITS = (PAIR, NAME, ADDRESS)
"""In the order of AXES_LOCKOUT_PARAMETERS."""


class LockoutHandler(AxesDatabaseHandler):
    """The database handler of axes with a limit of its own for each of the three counts."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures of the fullest count, scaled to the limit that axes knows (AXES_FAILURE_LIMIT)."""
        scale: int = settings.AXES_FAILURE_LIMIT
        return max(count * scale // limit for count, limit, _ in self.counts(request, credentials))

    def counts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> list[tuple[int, int, Any]]:
        """Return (failures, limit, time of the last) of each count."""
        rows = []
        for attempts, limit in zip(self.get_user_attempts(request, credentials), _LIMITS, strict=True):
            found = attempts.aggregate(n=Sum("failures_since_start"), last=Max("attempt_time"))
            rows.append((found["n"] or 0, limit, found["last"]))
        return rows

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Remove the failures of this name from this address after a good sign-in, and no others.

        What somebody else tried for this name, or from elsewhere, still counts.
        """
        pair = self.filter_user_attempts(request, credentials)[0]
        return int(pair.delete()[0])


def username_for_counting(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the name under which a failure is counted and kept.

    People type their password into the wrong box: a name that no account has is kept as a mark, never as typed.
    """
    given = (credentials or {}).get("username")
    typed = str(given if given is not None else request.POST.get("username", ""))[:150]
    found = Staff.objects.filter(username=typed).values_list("username", flat=True).first()
    return found or f"?{keyring().mark('unknown user name', typed)[:16]}"


def no_client_details(*_: object) -> str:
    """Return what axes may write into the log about a failed sign-in: nothing; the auditors read it in 管理记录."""
    return "-"


def count_failure(request: HttpRequest, staff: Staff) -> bool:
    """Count a wrong code, or a wrong password of a known person; tell whether this locks the account now."""
    AxesProxyHandler.user_login_failed(sender=__name__, credentials={"username": staff.username}, request=request)
    return bool(getattr(request, "axes_locked_out", False))


def lockout_minutes_left(request: HttpRequest, username: str) -> int:
    """Return for how many minutes this name stays locked at this address; 0 where it isn't."""
    AxesProxyHandler.update_request(request)
    handler = AxesProxyHandler.get_implementation()
    waits = [
        last + settings.AXES_COOLOFF_TIME - timezone.now()
        for count, limit, last in handler.counts(request, {"username": username})
        if count >= limit
    ]
    return max((ceil(w / timedelta(minutes=1)) for w in waits), default=0)


def is_locked_out(staff: Staff) -> bool:
    """Tell whether failures counted for this account lock it now, from anywhere or from one address."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    counts = (
        AccessAttempt.objects.filter(username=staff.username, attempt_time__gte=since)
        .values("ip_address")
        .annotate(n=Sum("failures_since_start"))
        .values_list("n", flat=True)
    )
    return any(n >= PAIR for n in counts) or sum(counts) >= NAME


def forget_failures(staff: Staff) -> int:
    """Remove the failures of this account; return how many counts there were."""
    return int(AccessAttempt.objects.filter(username=staff.username).delete()[0])
