"""Decisions about units and staff as they are kept: their content and hash, and who may see which.

`readable_decisions` and `known_decisions` are the twins in SQL of `procedure.visibility.may_read_decision` and
`may_know_of_decision`; a test holds them equal.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from xinfang.audit.chain_queries import canonical_json_reader, day_sql, moment_sql, rows_in_batches
from xinfang.audit.models import AdminRecord
from xinfang.audit.verification import VerificationReport
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.incidents.queries.incidents import incidents_visible_to
from xinfang.personnel_decisions.models import Decision, DecisionAnswer, DecisionKey
from xinfang.procedure.facts import Actor
from xinfang.procedure.personnel_decisions import RecordedDecision
from xinfang.procedure.step_schema import StaffCode, dump_step, load_step
from xinfang.procedure.visibility import KNOWS_OF_DECISIONS, READS_DECISIONS, DecisionFacts, DecisionStage
from xinfang.procedure.words import Role
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, day_text, moment_text, record_hash
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, sm3, unseal

RECORDED, CONFIRMED, REFUSED, OPENED = "记录奖惩决定", "确认奖惩决定", "不同意奖惩决定", "打开奖惩决定文件"
"""What the administrative log says of them: with the number and a hash, and nothing of the content."""
_CONTENT, _OPINION = b"decision", b"decision answer"
_UNIT, _PERSON = "unit", "person"


def concerned_mark(unit: str = "", person: str = "") -> str:
    """Return what the row keeps of the unit or person it concerns: a keyed hash."""
    return keyring().mark("decision", f"{_UNIT}:{unit}" if unit else f"{_PERSON}:{person}")


@dataclass(frozen=True, slots=True)
class DecisionContent:
    """What a record says, opened: what was written, the file's name and kind, the second person's words."""

    what: RecordedDecision
    file_name: str
    file_kind: str
    opinion: str


def encrypt_content(what: RecordedDecision, file_name: str, file_kind: str, key: bytes) -> bytes:
    """Return what the row keeps of a record's content, encrypted under the record's key."""
    content = {**dump_step(what), "file_name": file_name, "file_kind": file_kind}
    return seal(key, json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"), _CONTENT)


def encrypt_opinion(opinion: str, key: bytes) -> bytes:
    """Return the second person's words, encrypted under the record's key."""
    return seal(key, opinion.encode("utf-8", "surrogatepass"), _OPINION)


def decrypt_decision(decision: Decision) -> DecisionContent:
    """Return the content of a record; `kept_key` and `answer` should be loaded with it.

    Raises:
        DecryptionFailed: the content or its key is damaged.
        KeyMissing: the key that wraps the record's key isn't here.
    """
    key = decision.kept_key.open()
    said: dict[str, Any] = json.loads(unseal(key, bytes(decision.sealed), _CONTENT))
    answer = getattr(decision, "answer", None)
    opinion = unseal(key, bytes(answer.sealed), _OPINION).decode("utf-8", "surrogatepass") if answer else ""
    return DecisionContent(load_step(RecordedDecision, said), said["file_name"], said["file_kind"], opinion)


def decision_stage(decision: Decision) -> DecisionStage:
    """Return how far a record is, by its second person's word; `answer` should be loaded with it."""
    answer = getattr(decision, "answer", None)
    if answer is None:
        return DecisionStage.WAITING
    return DecisionStage.CONFIRMED if answer.agree else DecisionStage.REFUSED


def decision_facts(decision: Decision, what: RecordedDecision | None = None) -> DecisionFacts:
    """Return what the policy asks of a record.

    Raises:
        DecryptionFailed: the content or its key is damaged.
        KeyMissing: the key that wraps the record's key isn't here.
    """
    what = what or decrypt_decision(decision).what
    by = StaffCode(decision.by.get_username())
    return DecisionFacts(
        number=decision.number, by=by, unit=what.unit, person=what.person, stage=decision_stage(decision)
    )


# ---- who sees which ----


def _loaded() -> QuerySet[Decision]:
    return Decision.objects.select_related("by", "corrects", "answer__by", "kept_key")


def _concern(actor: Actor) -> Q:
    own = [concerned_mark(person=actor.code), *(concerned_mark(unit=u) for u in sorted(actor.units(Role.UNIT_HEAD)))]
    return Q(answer__agree=True, concerns__in=own)


def readable_decisions(actor: Actor) -> QuerySet[Decision]:
    """Return the decisions that this person reads: `may_read_decision` in SQL."""
    return _loaded() if actor.has(*READS_DECISIONS) else _loaded().filter(_concern(actor))


def known_decisions(actor: Actor) -> QuerySet[Decision]:
    """Return the decisions that exist for this person: `may_know_of_decision` in SQL."""
    return _loaded() if actor.has(*KNOWS_OF_DECISIONS) else _loaded().filter(_concern(actor))


def _with_corrections(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.prefetch_related(Prefetch("corrected_by", Decision.objects.select_related("answer")))


def years_of_decisions(actor: Actor) -> list[int]:
    """Return the years with a decision that exists for this person, the latest first (1 query)."""
    years = known_decisions(actor).order_by().values_list("decided_on__year", flat=True)
    return sorted(set(years), reverse=True)


def decisions_of_year(actor: Actor, year: int | None) -> QuerySet[Decision]:
    """Return the decisions of a year, or of all, that exist for this person (2 queries).

    The records that correct them are loaded with them.
    """
    known = known_decisions(actor)
    return _with_corrections(known.filter(decided_on__year=year) if year else known)


def known_decision(number: str, actor: Actor) -> Decision | None:
    """Return the decision of this number, if it exists for this person (2 queries).

    The records that correct it are loaded with it.
    """
    return _with_corrections(known_decisions(actor)).filter(number=number).first()


def readable_decision(number: str, actor: Actor) -> Decision | None:
    """Return the decision of this number, if this person reads it (2 queries).

    The records that correct it are loaded with it.
    """
    return _with_corrections(readable_decisions(actor)).filter(number=number).first()


def may_read(actor: Actor, decision: Decision) -> bool:
    """Tell whether this person reads this decision (1 query)."""
    return readable_decisions(actor).filter(pk=decision.pk).exists()


def knows_what_is_corrected(actor: Actor, decision: Decision) -> bool:
    """Tell whether this record corrects one that exists for this person (1 query, none where it corrects nothing)."""
    return decision.corrects_id is not None and known_decisions(actor).filter(pk=decision.corrects_id).exists()


def corrected_by(decision: Decision, actor: Actor) -> list[str]:
    """Return the numbers of the records that correct this one and exist for this person (1 query)."""
    return [d.number for d in known_decisions(actor).filter(corrects=decision)]


def what_is_about(actor: Actor, number: str) -> str:
    """Return the address of the petition or event with this number; nothing where this person doesn't see it."""
    number = number.strip().upper()
    if number and visible_to(actor, each=True).filter(number=number).exists():
        return reverse("petition", args=[number])
    if number and incidents_visible_to(actor).filter(number=number).exists():
        return reverse("incident", args=[number])
    return ""


# ---- the proof ----


def _digest(fields: Sequence[str | int]) -> str:
    return record_hash(FIRST_PREVIOUS_HASH, fields)


def digest_of(
    number: str,
    decided_on: date | str,
    concerns: str,
    corrects: str,
    by: str,
    at: datetime | str,
    sealed: bytes,
    file_address: str,
    file_digest: str,
    file_size: int,
) -> str:
    """Return the SM3 of a record: of its encrypted content and of everything that is kept beside it in plain."""
    content = sm3(bytes(sealed)).hex()
    moments = (day_text(decided_on), moment_text(at))
    return _digest(
        ("decision", number, *moments, concerns, corrects, by, content, file_address, file_digest, int(file_size))
    )


def digest_of_answer(number: str, agree: bool, by: str, at: datetime | str, sealed: bytes) -> str:
    """Return the SM3 of the second person's word."""
    return _digest(("decision answer", number, int(agree), by, moment_text(at), sm3(bytes(sealed)).hex()))


_DECISION, _ANSWER, _KEY = Decision._meta.db_table, DecisionAnswer._meta.db_table, DecisionKey._meta.db_table
_ROWS = (
    "SELECT d.number, {decided}, d.concerns, c.number, d.by_id, {at}, d.sealed,"  # noqa: S608 - our own names
    f" d.file_address, d.file_digest, d.file_size, k.decision_id FROM {_DECISION} d"
    f" LEFT JOIN {_DECISION} c ON c.id = d.corrects_id"
    f" LEFT JOIN {_KEY} k ON k.decision_id = d.id ORDER BY d.id"
)
_ANSWERS = (
    "SELECT d.number, a.agree, a.by_id, {at}, a.sealed"  # noqa: S608 - our own names
    f" FROM {_ANSWER} a LEFT JOIN {_DECISION} d ON d.id = a.decision_id ORDER BY a.id"
)
_NOTED = (
    f"SELECT what, target, detail FROM {AdminRecord._meta.db_table}"  # noqa: S608 - our own name
    " WHERE what IN (%s, %s, %s) ORDER BY id"
)
_LABEL = "奖惩记录"


def check_decisions(proof: VerificationReport, people: dict[int | None, str]) -> None:
    """Check every record and every second person's word against what the chained administrative log says of it."""
    noted = _noted()
    have: dict[tuple[str, str], str] = {}
    for number, decided, concerns, corrects, by, at, sealed, address, digest, size, key in rows_in_batches(
        _ROWS.format(decided=day_sql("d.decided_on"), at=moment_sql("d.at"))
    ):
        have[number, RECORDED] = _try(
            digest_of, number, decided, concerns, corrects or "", people.get(by, "?"), at, sealed, address, digest, size
        )
        if key is None:
            proof.add(_LABEL, number, "密钥不在，内容和文件无法再读")
    for number, agree, by, at, sealed in rows_in_batches(_ANSWERS.format(at=moment_sql("a.at"))):
        what = CONFIRMED if agree else REFUSED
        have[number or "?", what] = _try(digest_of_answer, number, bool(agree), people.get(by, "?"), at, sealed)
    for place in sorted({*noted, *have}):
        number, what = place
        if place not in noted:
            proof.add(_LABEL, number, f"没有“{what}”的管理记录，是后来加进去的")
        elif place not in have:
            proof.add(_LABEL, number, f"管理记录中有“{what}”，但记录不在了，或者被改动")
        elif noted[place] != [have[place]]:
            proof.add(_LABEL, number, f"与“{what}”时的内容不同")


def _noted() -> dict[tuple[str, str], list[str]]:
    spelled = canonical_json_reader()
    found: dict[tuple[str, str], list[str]] = {}
    for what, target, detail in rows_in_batches(_NOTED, (RECORDED, CONFIRMED, REFUSED)):
        found.setdefault((target, what), []).append(_digest_in(spelled(detail)))
    return found


def _digest_in(detail: str) -> str:
    try:
        said = json.loads(detail)
    except (TypeError, ValueError):
        return "?"
    return str(said.get("digest", "?")) if isinstance(said, dict) else "?"


def _try(digest: Any, *fields: Any) -> str:
    """Return the digest; an empty text, which fits nothing, where a field isn't what it should be at all."""
    try:
        return str(digest(*fields))
    except (TypeError, ValueError):
        return ""
