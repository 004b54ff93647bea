"""Proving that nothing was altered: every chain is computed again, compared with its end and with the seals."""

import time
from collections.abc import Mapping

from django.db.models import Min

from xinfang.attachments.original_places import check_originals
from xinfang.audit import append_only_triggers
from xinfang.audit.actions.chain_heads import ADMINISTRATION, LOOKS
from xinfang.audit.canonical import access_fields, admin_fields, head_mac, seal_mac
from xinfang.audit.chain_queries import (
    canonical_json_reader,
    moment_sql,
    rows_in_batches,
    undecodable_texts_readable,
    usernames,
)
from xinfang.audit.models import AdminRecord, ChainHead, Seal
from xinfang.audit.seals import (
    NO_STATES,
    KeptSeal,
    SealedRecords,
    last_positions,
    last_state,
    misdated_seals,
    positions_covered,
)
from xinfang.audit.verification import BrokenPlace, VerificationReport
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.core import installation
from xinfang.core.clock import today
from xinfang.core.numbering import check_series
from xinfang.core.snapshots import read_snapshot
from xinfang.matters.queries.proof import check_ties
from xinfang.personnel_decisions.queries import decisions as rewards
from xinfang.proof.actions.sealing import seal_hash
from xinfang.proof.case_chains import verify_case_chains
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.proof.row_states import verify_row_states
from xinfang.reception.queries.proof import check_reception
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, hash_is_right

__all__ = ["BrokenPlace", "VerificationReport", "verify"]


def verify(
    kept: Mapping[int, KeptSeal] | None = None, processes: int | None = None, *, rows: bool = True
) -> VerificationReport:
    """Compute everything again. `kept` are seals kept elsewhere, by number: they must be the same here.

    Many cases are shared among `processes`; unless said otherwise, as many as pay. Without `rows` only what is chained
    is verified, not the rows beside it.
    """
    began, proof = time.perf_counter(), VerificationReport()
    with read_snapshot():
        people = usernames()
        verify_case_chains(proof, processes)
        with undecodable_texts_readable():
            _looks(proof, people)
            _administration(proof, people)
            rewards.check_decisions(proof, people)
            check_reception(proof)
            check_ties(proof)
            check_originals(proof)
            _seals(proof, kept or {})
            _numbers(proof, every_year=rows)
            if rows:
                _installation(proof)
                verify_row_states(proof)
                _derived_rows(proof)
        for table in append_only_triggers.tables_without_triggers():
            proof.add(
                "数据库", table, "防止修改和删除的触发器不在或被改动；请运行 xinfang migrate 重新安装，并查明原因"
            )
    if rows:
        # Not in the snapshot, in which nothing can be written.
        for table in append_only_triggers.tables_that_can_be_changed():
            proof.add("数据库", table, "试着改动其中一行，数据库没有拒绝（已撤回）；触发器不起作用")
    proof.seconds = round(time.perf_counter() - began, 3)
    return proof


def _looks(proof: VerificationReport, people: dict[int | None, str]) -> None:
    asked = (
        f"SELECT a.seq, p.number, a.what, a.by_id, {moment_sql('a.at')}, a.reason, a.detail, a.hash"  # noqa: S608
        f" FROM {AccessLogEntry._meta.db_table} a LEFT JOIN {Petition._meta.db_table} p ON p.id = a.petition_id"
        " ORDER BY a.seq"
    )
    expected, previous, spelled = 0, FIRST_PREVIOUS_HASH, canonical_json_reader()
    for seq, number, what, by, at, reason, detail, kept in rows_in_batches(asked):
        expected += 1
        if seq != expected:
            proof.add("查看记录", f"第{expected}条", "这一条不在，或次序被改动")
            return
        fields = access_fields(seq, number or "?", what, people.get(by, "?"), at, reason, spelled(detail))
        if not hash_is_right(previous, fields, kept):
            proof.add("查看记录", f"第{seq}条", "内容与当时不同")
            return
        previous = kept
    proof.looks = expected
    _end(proof, LOOKS, "查看记录", expected, previous)


def _administration(proof: VerificationReport, people: dict[int | None, str]) -> None:
    count, previous, spelled = 0, FIRST_PREVIOUS_HASH, canonical_json_reader()
    for pk, at, by, what, target, detail, kept in rows_in_batches(
        f"SELECT id, {moment_sql('at')}, by_id, what, target, detail, hash"  # noqa: S608 - our own names
        f" FROM {AdminRecord._meta.db_table} ORDER BY id"
    ):
        count += 1
        if not hash_is_right(previous, admin_fields(at, people.get(by, "?"), what, target, spelled(detail)), kept):
            proof.add("管理记录", f"#{pk}", "内容与当时不同，或之前有记录被删去")
            return
        previous = kept
    proof.administrative = count
    _end(proof, ADMINISTRATION, "管理记录", count, previous)


def _end(proof: VerificationReport, name: str, label: str, count: int, last: str) -> None:
    head = ChainHead.objects.filter(pk=name).first()
    if (head.seq, head.hash) != (count, last) if head else count:
        proof.add(label, f"第{count + 1}条", "之后的记录被删去，或末尾被改动")
    elif head is not None and head.mac != head_mac(name, count, last):
        proof.add(label, f"第{count}条", "链的末尾不是本系统写下的")


def _numbers(proof: VerificationReport, *, every_year: bool) -> None:
    """Verify that every number that was given is used, and none that was not.

    Of the years in which numbers were given, or of every year since the first case.
    """
    first = Petition.objects.aggregate(first=Min("received_on"))["first"] if every_year else None
    for series in check_series(range(first.year, today().year + 1) if first else ()):
        for number in series.missing:
            proof.add("编号", number, "编号已发出，但没有这一件")
        for number in series.beyond:
            proof.add("编号", number, "有这一件，但这个编号没有发出过")


def _installation(proof: VerificationReport) -> None:
    """Verify what the database says of itself: its mode, and which program made its tables."""
    for sentence in installation.faults():
        proof.add("数据库", "", sentence)


def _derived_rows(proof: VerificationReport) -> None:
    """Verify that every row that follows from the events is what they say."""
    try:
        for found in differences(chains=False):
            if isinstance(found, RowDifference):
                proof.add("派生数据", f"{found.number} {found.table}".strip(), found.what)
    except Exception as e:  # What rules go by, such as the calendar, may itself have been made unreadable.
        proof.add("派生数据", "", f"派生数据据以重算的内容无法读出（{type(e).__name__}），无法核对")


def _seals(proof: VerificationReport, kept: Mapping[int, KeptSeal]) -> None:
    """Verify that each seal follows the one before, and that the records it covers are still the same."""
    before: Seal | None = None
    sealed = SealedRecords()
    for seal in Seal.objects.order_by("number").iterator(chunk_size=500):
        place = f"第{seal.number}号（{seal.day}）"
        if seal.number != (before.number + 1 if before else 1):
            proof.add("封印", place, "之前有封印被删去")
            return
        if seal_hash(seal, before.hash if before else FIRST_PREVIOUS_HASH) != seal.hash:
            proof.add("封印", place, "封印本身被改动")
            return
        if seal.mac != seal_mac(seal.number, seal.hash, seal.last_state, seal.states):
            proof.add("封印", place, "封印不是本系统写下的")
            return
        if sealed.up_to(positions_covered(seal)) != (seal.records, seal.digest):
            proof.add("封印", place, "封印之后，其中的记录被改动、增加或删去")
            return
        if sealed.states_up_to(seal.last_state) != seal.states:
            proof.add("封印", place, "封印之后，其中的行状态被改动、增加或删去")
            return
        elsewhere = kept.get(seal.number)
        if elsewhere and (elsewhere.hash != seal.hash or elsewhere.states not in ("", seal.states or NO_STATES)):
            proof.add("封印", place, "与另存的封印不同")
            return
        proof.seals, proof.last_seal, before = seal.number, seal.hash, seal
    if gone := [n for n in kept if n > proof.seals]:
        what = "另存的封印在系统中不存在：其后的记录被删去，或者数据库被放回到较早的状态"
        proof.add("封印", f"第{min(gone)}号", what)
    places, covered = last_positions(), positions_covered(before)
    if any(have < had for have, had in zip(places, covered, strict=True)) or (
        before is not None and last_state() < before.last_state
    ):
        proof.add("封印", "末尾", "封印之后，末尾的记录被删去")
    proof.remarks += misdated_seals()
    proof.unsealed = proof.events + proof.looks + proof.administrative - _sealed_records()


def _sealed_records() -> int:
    return sum(Seal.objects.values_list("records", flat=True))
