"""Whether the encrypted text of every event is still the one that the event is bound to, read with no case's key.

The event holds a keyed digest of the ciphertext, and the chain holds the event. A text may be missing only where the
file was destroyed: then all of them are, and the event that says so is in the chain.
"""

from xinfang.audit.chain_queries import rows_in_batches, undecodable_texts_readable
from xinfang.audit.verification import VerificationReport
from xinfang.cases.models import Event, EventText, Petition
from xinfang.cases.models.encryption import text_digests
from xinfang.procedure.steps.retention import Destroy

_EVENT, _TEXT, _PETITION = Event._meta.db_table, EventText._meta.db_table, Petition._meta.db_table
_ASKED = (
    "SELECT e.petition_id, p.number, e.seq, e.text_digest, t.sealed, p.wrapped_key IS NULL"  # noqa: S608
    f" FROM {_EVENT} e"
    f" JOIN {_PETITION} p ON p.id = e.petition_id LEFT JOIN {_TEXT} t ON t.event_id = e.id"
    " WHERE e.petition_id >= %s AND e.petition_id < %s AND (e.text_digest <> '' OR t.id IS NOT NULL)"
    " ORDER BY e.petition_id, e.seq"
)
_DESTROYED = (
    f"SELECT DISTINCT petition_id FROM {_EVENT} WHERE petition_id >= %s AND petition_id < %s"  # noqa: S608
    f" AND code = '{Destroy.rule.code}' AND stage IN ('done', 'confirmed')"
)


def verify_event_texts(proof: VerificationReport, within: tuple[int, int]) -> None:
    """Verify the texts of the cases from one primary key up to, not including, another."""
    with undecodable_texts_readable():
        digest_of = text_digests()
        destroyed = {pk for (pk,) in rows_in_batches(_DESTROYED, within)}
        keyless = set[int]()
        for pk, number, seq, digest, sealed, no_key in rows_in_batches(_ASKED, within):
            if no_key and pk not in destroyed and pk not in keyless:
                keyless.add(pk)
                proof.add("事项", number, "案卷的密钥不在，而案卷没有销毁")
            if not no_key and pk in destroyed and pk not in keyless:
                keyless.add(pk)
                proof.add("事项", number, "案卷已经销毁，而又有了密钥")
            if sealed is None:
                if pk not in destroyed:
                    proof.add("事项", f"{number} 第{seq}步", "这一步的文字不在，而案卷没有销毁")
            elif isinstance(sealed, str) or digest_of(bytes(sealed)) != digest:
                proof.add("事项", f"{number} 第{seq}步", "这一步的文字与当时不同，或取自别处")
