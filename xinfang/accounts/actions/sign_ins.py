"""Sessions of people: how one begins, is checked, confirmed and ended.

An ended session is deleted on the server: its cookie is worth nothing. What a page needs at every request is kept in
the session itself, which is read anyway; the table SignIn is for its owner and the auditors and is written at the
beginning, at most once a minute, and at the end.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from xinfang.accounts.actions.sessions import session_row_name
from xinfang.accounts.models import SignIn, Staff
from xinfang.core.client_address import client_address, client_device

EndReason = SignIn.Why
SESSION_KEY = "sign_in"
"""Where the session says: id of the sign-in, began, seen, confirmed (seconds since 1970), second (factor used)."""
WRITE_INTERVAL_SECONDS = 60
CONFIRMATION_SECONDS = 5 * 60
"""Seconds for which a password or code just given counts as a confirmation."""
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def check_password(request: HttpRequest, username: str, password: str) -> Staff | None:
    """Return the person who has this name and password; None where nobody has, and the attempt is counted."""
    return authenticate(request, username=username, password=password)


def keep_half(request: HttpRequest, name: str, half: dict[str, Any]) -> None:
    """Keep in the session whose password was right while their code is still missing. The session gets a new key."""
    request.session.cycle_key()
    request.session[name] = half


def begin_session(request: HttpRequest, staff: Staff, *, second_factor: bool) -> SignIn:
    """Sign somebody in whose password (and code, with an authenticator) was right. The session gets a new key."""
    before = request.session.get(SESSION_KEY)
    if before:
        _close(SignIn.objects.filter(pk=before["id"]), SignIn.Why.REPLACED)
    login(request, staff, backend=_BACKEND)
    return register_sign_in(
        request.session, staff, client_address(request), client_device(request), second_factor=second_factor
    )


def register_sign_in(
    session: SessionBase, staff: Staff, address: str | None, device: str, *, second_factor: bool
) -> SignIn:
    """Write the sign-in down, in the registry and in the session."""
    now = timezone.now()
    if session.session_key is None:
        session.create()
    key = session.session_key
    assert key is not None
    row = SignIn.objects.create(
        staff=staff,
        key_hash=session_row_name(key),
        began_at=now,
        last_seen_at=now,
        address=address,
        device=device,
        second_factor=second_factor,
    )
    seconds = int(now.timestamp())
    session[SESSION_KEY] = {
        "id": row.pk,
        "began": seconds,
        "seen": seconds,
        "confirmed": seconds,
        "second": second_factor,
    }
    return row


def is_from_somewhere_new(sign_in: SignIn) -> bool:
    """Tell whether this person signed in before, but never with such a browser from such a network.

    A network is the first half of an address (10.20.*, or the first three groups of IPv6), as machines in an office get
    other addresses each day.
    """
    before = SignIn.objects.filter(staff=sign_in.staff_id, pk__lt=sign_in.pk)
    if not before.exists():
        return False
    here = _network(sign_in.address)
    known = before.filter(device=sign_in.device).values_list("address", flat=True).distinct()
    return here not in {_network(address) for address in known}


def _network(address: str | None) -> str:
    if not address:
        return ""
    found = ip_address(address)
    return str(ip_network((found, 16 if found.version == 4 else 48), strict=False))


def why_session_is_over(session: SessionBase, now: datetime) -> SignIn.Why | None:
    """Tell why this session has to end now; None where it goes on."""
    state = session[SESSION_KEY]
    seconds = now.timestamp()
    # Either way: a session of a day when the clock was ahead must not live until that day comes again.
    if abs(seconds - state["began"]) > settings.SESSION_HOURS * 3600:
        return SignIn.Why.TOO_LONG
    if abs(seconds - state["seen"]) > settings.SESSION_IDLE_MINUTES * 60:
        return SignIn.Why.IDLE
    return None


def record_use(session: SessionBase, now: datetime) -> None:
    """Remember that the session is in use; writes at most once a minute."""
    state = session[SESSION_KEY]
    if now.timestamp() - state["seen"] < WRITE_INTERVAL_SECONDS:
        return
    session[SESSION_KEY] = {**state, "seen": int(now.timestamp())}
    SignIn.objects.filter(pk=state["id"], ended_at=None).update(last_seen_at=now)


def end_this_session(request: HttpRequest, why: SignIn.Why) -> None:
    """End the session of this request."""
    state = request.session.get(SESSION_KEY)
    if state:
        _close(SignIn.objects.filter(pk=state["id"]), why)
    logout(request)


@transaction.atomic
def end_sessions(sign_ins: QuerySet[SignIn], why: SignIn.Why) -> int:
    """End these sign-ins and delete their sessions; returns how many were open."""
    open_now = list(sign_ins.filter(ended_at=None).values_list("pk", "key_hash"))
    Session.objects.filter(session_key__in=[key for _, key in open_now]).delete()
    return _close(SignIn.objects.filter(pk__in=[pk for pk, _ in open_now]), why)


def end_all_sessions(staff: Staff, why: SignIn.Why, *, but: HttpRequest | None = None) -> int:
    """End every session of this person, except that of the request where one is given."""
    rows = SignIn.objects.filter(staff=staff)
    if but is not None:
        rows = rows.exclude(pk=but.session.get(SESSION_KEY, {}).get("id"))
    return end_sessions(rows, why)


def renew_after_password_change(request: HttpRequest, staff: Staff) -> None:
    """Go on with this session under a new key after its owner changed their password; end all their others."""
    update_session_auth_hash(request, staff)
    key = request.session.session_key
    assert key is not None
    SignIn.objects.filter(pk=request.session[SESSION_KEY]["id"]).update(key_hash=session_row_name(key))
    end_all_sessions(staff, SignIn.Why.PASSWORD, but=request)


def mark_second_factor_used(request: HttpRequest) -> None:
    """Record that the second factor was set up or given within this session."""
    state = request.session[SESSION_KEY]
    request.session[SESSION_KEY] = {**state, "second": True, "confirmed": int(timezone.now().timestamp())}
    SignIn.objects.filter(pk=state["id"]).update(second_factor=True)


def mark_reauthenticated(request: HttpRequest) -> None:
    """Record that the password or a code was given again within this session."""
    request.session[SESSION_KEY] = {**request.session[SESSION_KEY], "confirmed": int(timezone.now().timestamp())}


def recently_confirmed(request: HttpRequest) -> bool:
    """Tell whether a password or code was given within the last five minutes."""
    state = request.session.get(SESSION_KEY)
    return bool(state and abs(timezone.now().timestamp() - state["confirmed"]) <= CONFIRMATION_SECONDS)


def session_has_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session was opened with a second factor."""
    return bool(request.session.get(SESSION_KEY, {}).get("second"))


def close_abandoned(now: datetime | None = None) -> int:
    """Mark as ended what nobody came back to: sign-ins beyond both limits whose browser never asked again."""
    now = now or timezone.now()
    rows = SignIn.objects.filter(ended_at=None)
    idle = rows.filter(last_seen_at__lt=now - timedelta(minutes=settings.SESSION_IDLE_MINUTES))
    old = rows.filter(began_at__lt=now - timedelta(hours=settings.SESSION_HOURS))
    return end_sessions(old, SignIn.Why.TOO_LONG) + end_sessions(idle, SignIn.Why.IDLE)


def _close(rows: QuerySet[SignIn], why: SignIn.Why) -> int:
    return int(rows.filter(ended_at=None).update(ended_at=timezone.now(), ended_why=why))
