"""What of a record its hash covers: all that is said of it, by whom and when, in one spelling on both databases."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from xinfang.cases.models import Access, Event
from xinfang.vault.chain import FORMAT, canonical, day_text, link, moment_text
from xinfang.vault.sm import sm3

from .models import AdminEvent


def event_fields(
    number: str,
    seq: int,
    code: str,
    stage: str,
    data: str,
    private: bytes | memoryview | None,
    happened_on: date | str,
    recorded_at: datetime | str,
    by: str,
    entered_by: str,
    by_role: str,
    acting_for: str,
    state_before: str,
    state_after: str,
    key: str | None,
) -> Sequence[str | int]:
    """An event's fields as its hash covers them; people by user name, `data` as canonical JSON, secrets by their own hash."""
    return (
        number,
        seq,
        code,
        stage,
        data,
        sm3(bytes(private)).hex() if private is not None else "",
        day_text(happened_on),
        moment_text(recorded_at),
        by,
        entered_by,
        by_role,
        acting_for,
        state_before,
        state_after,
        key or "",
    )


def event_line(previous: str, number: str, head: str, private: bytes | None, tail: str) -> bytes:
    """What `link` hashes of an event, from the two lists that `SPELLED_BY_SQLITE` makes of its fields before and after the secret.

    `number` is the case's, as JSON.
    """
    secret = sm3(private).hex() if private is not None else ""
    text = f'["{FORMAT}","{previous}",{number},{head[1:-1]},"{secret}",{tail[1:]}'
    return text.encode("utf-8", "surrogatepass")


def _user_name(column: str) -> str:
    found = f"(SELECT s.username FROM accounts_staff s WHERE s.id = e.{column})"  # noqa: S608 - our own names
    return f"CASE WHEN e.{column} IS NULL THEN '' ELSE COALESCE({found}, '?') END"


SPELLED_BY_SQLITE = (
    "SELECT e.petition_id, e.seq, json_array(e.seq, e.code, e.stage, e.data), e.private, json_array(e.happened_on,"  # noqa: S608
    " CASE length(e.recorded_at) WHEN 19 THEN e.recorded_at || '.000000' ELSE e.recorded_at END,"
    f" {_user_name('by_id')}, {_user_name('entered_by_id')}, e.by_role, {_user_name('acting_for_id')},"
    " e.state_before, e.state_after, COALESCE(e.key, '')), e.hash FROM cases_event e"
)
"""The fields of `event_fields` in the same order, spelled by SQLite itself: a verification is twice as fast.

An event whose hash fits this spelling is as it was. One whose hash doesn't is read again and spelled by `link`, which alone decides.
"""


def chain_event(event: Event, number: str, previous: str, *, by: str, entered_by: str, acting_for: str) -> None:
    """Give an event that is about to be saved its hash."""
    event.hash = link(
        previous,
        event_fields(
            number,
            event.seq,
            event.code,
            event.stage,
            canonical(event.data),
            event.private,
            event.happened_on,
            event.recorded_at,
            by,
            entered_by,
            event.by_role,
            acting_for,
            event.state_before,
            event.state_after,
            event.key,
        ),
    )


def access_fields(
    seq: int, number: str, what: str, by: str, at: datetime | str, reason: str, detail: str
) -> Sequence[str | int]:
    """A look's fields as its hash covers them."""
    return ("access", seq, number, what, by, moment_text(at), reason, detail)


def chain_access(access: Access, number: str, by: str, previous: str) -> None:
    """Give a look that is about to be saved its hash."""
    fields = access_fields(access.seq, number, access.what, by, access.at, access.reason, canonical(access.detail))
    access.hash = link(previous, fields)


def admin_fields(at: datetime | str, by: str, what: str, target: str, detail: str) -> Sequence[str | int]:
    """An administrative record's fields as its hash covers them."""
    return ("admin", moment_text(at), by, what, target, detail)


def chain_admin(record: AdminEvent, by: str, previous: str) -> None:
    """Give an administrative record that is about to be saved its hash."""
    record.hash = link(previous, admin_fields(record.at, by, record.what, record.target, canonical(record.detail)))


def seal_fields(
    number: int, day: date | str, made_at: datetime | str, marks: Sequence[Any], digest: str
) -> Sequence[str | int]:
    """A seal's fields as its hash covers them; `marks` are the last records it covers and their number."""
    return ("seal", number, day_text(day), moment_text(made_at), *[int(m) for m in marks], digest)
