"""What of a record its hash covers: all that is said of it, by whom and when, in one spelling on both databases."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xinfang.audit.models import AdminRecord
from xinfang.vault.hash_chain import canonical, day_text, moment_text, record_hash
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import sm3

if TYPE_CHECKING:
    from xinfang.cases.models import AccessLogEntry, Event

_HEAD, _CASE_END, _SEAL = "chain head", "case end", "seal"


def event_fields(
    number: str,
    seq: int,
    code: str,
    stage: str,
    data: str,
    text_digest: str,
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
    """Return an event's fields as its hash covers them.

    People are given by user name, `data` as canonical JSON, and withheld text by its keyed digest.
    """
    return (
        number,
        seq,
        code,
        stage,
        data,
        text_digest,
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


def set_event_hash(event: "Event", number: str, previous: str, *, by: str, entered_by: str, acting_for: str) -> None:
    """Give an event that is about to be saved its hash."""
    event.hash = record_hash(
        previous,
        event_fields(
            number,
            event.seq,
            event.code,
            event.stage,
            canonical(event.data),
            event.text_digest,
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
    """Return the fields of an entry of the access log as its hash covers them."""
    return ("access", seq, number, what, by, moment_text(at), reason, detail)


def set_access_hash(access: "AccessLogEntry", number: str, by: str, previous: str) -> None:
    """Give an entry of the access log that is about to be saved its hash."""
    fields = access_fields(access.seq, number, access.what, by, access.at, access.reason, canonical(access.detail))
    access.hash = record_hash(previous, fields)


def admin_fields(at: datetime | str, by: str, what: str, target: str, detail: str) -> Sequence[str | int]:
    """Return an administrative record's fields as its hash covers them."""
    return ("admin", moment_text(at), by, what, target, detail)


def set_admin_hash(record: AdminRecord, by: str, previous: str) -> None:
    """Give an administrative record that is about to be saved its hash."""
    record.hash = record_hash(
        previous, admin_fields(record.at, by, record.what, record.target, canonical(record.detail))
    )


def row_state_fields(
    chain: str, seq: int, at: datetime | str, table: str, key: str, digest: str, unexplained: bool
) -> Sequence[str | int]:
    """Return the fields of a row's state as its hash covers them."""
    return ("row", chain, seq, moment_text(at), table, key, digest, int(unexplained))


def head_mac(name: str, seq: int, last: str) -> str:
    """Return what proves the end of a chain: nobody can make it who has only the database."""
    return keyring().mark(_HEAD, canonical([name, seq, last]))


def case_mac(
    number: str, revision: int, head: str, inquiry_mark: str, inquiry_sealed: bytes | memoryview | None
) -> str:
    """Return what proves the last event of a case, and which code opens it at the window."""
    code = sm3(bytes(inquiry_sealed)).hex() if inquiry_sealed is not None else ""
    return keyring().mark(_CASE_END, canonical([number, revision, head, inquiry_mark, code]))


def seal_mac(number: int, hash_of_seal: str, last_state: int, states: str) -> str:
    """Return what proves a seal: nobody can make it who has only the database."""
    return keyring().mark(_SEAL, canonical([number, hash_of_seal, last_state, states]))


def seal_fields(
    number: int, day: date | str, made_at: datetime | str, marks: Sequence[Any], digest: str
) -> Sequence[str | int]:
    """Return a seal's fields as its hash covers them; `marks` are the last records it covers and their number."""
    return ("seal", number, day_text(day), moment_text(made_at), *[int(m) for m in marks], digest)
