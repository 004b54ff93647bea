"""Proving that nothing was altered: every chain is computed again, compared with its end and with the seals."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from xinfang.vault.chain import START, link

from . import guard
from .chain_reading import EVENTS, json_text, names, one_moment, rows
from .chained import access_fields, admin_fields, event_fields
from .heads import ADMINISTRATION, LOOKS
from .models import ChainHead, Seal
from .numbering import check_series
from .sealing import covers, digest_of, hash_of, last_places

MOST_NAMED = 20
"""So many broken places are named; the first is what matters."""


@dataclass(frozen=True)
class Broken:
    """A place where the records don't prove themselves. `what` is a sentence for the auditor."""

    chain: str
    place: str
    what: str


@dataclass
class Proof:
    """What a verification found."""

    events: int = 0
    cases: int = 0
    looks: int = 0
    administrative: int = 0
    seals: int = 0
    unsealed: int = 0
    last_seal: str = ""
    seconds: float = 0.0
    broken: list[Broken] = field(default_factory=list)
    more: int = 0

    @property
    def whole(self) -> bool:
        return not self.broken

    def add(self, chain: str, place: object, what: str) -> None:
        if len(self.broken) < MOST_NAMED:
            self.broken.append(Broken(chain, str(place), what))
        else:
            self.more += 1


def verify(kept: dict[int, str] | None = None) -> Proof:
    """Compute everything again. `kept` are seals held elsewhere, by number: they must be the same here."""
    began, proof = time.perf_counter(), Proof()
    with one_moment():
        people = names()
        _cases(proof, people)
        _looks(proof, people)
        _administration(proof, people)
        _seals(proof, kept or {})
        for series in check_series():
            for number in series.missing:
                proof.add("编号", number, "编号已发出，但没有这一件")
        for table in guard.missing():
            proof.add("数据库", table, "防止修改和删除的触发器不在；请运行 xinfang migrate 重新安装，并查明原因")
    proof.seconds = round(time.perf_counter() - began, 3)
    return proof


def _cases(proof: Proof, people: dict[int | None, str]) -> None:
    """The events of every case, in order, against the end that the case remembers."""
    cases = rows("SELECT id, number, revision, head FROM records_petition ORDER BY id")
    events = groupby(rows(f"{EVENTS} ORDER BY e.petition_id, e.seq"), key=itemgetter(1))
    waiting: tuple[int, Iterator[tuple[Any, ...]]] | None = next(events, None)
    for pk, number, revision, head in cases:
        while waiting is not None and waiting[0] < pk:
            proof.add("事项", f"#{waiting[0]}", "有记录，但没有这一件")
            waiting = next(events, None)
        proof.cases += 1
        if waiting is None or waiting[0] != pk:
            proof.add("事项", number, "没有任何记录")
            continue
        seq, previous = _case(proof, number, waiting[1], people)
        if seq >= 0 and (seq != revision or previous != head):
            proof.add("事项", f"{number} 第{seq + 1}步", "之后的记录被删去，或末尾被改动")
        waiting = next(events, None)
    while waiting is not None:
        proof.add("事项", f"#{waiting[0]}", "有记录，但没有这一件")
        waiting = next(events, None)


def _case(
    proof: Proof, number: str, events: Iterator[tuple[Any, ...]], people: dict[int | None, str]
) -> tuple[int, str]:
    """The last step of a case and its hash; -1 if a break was named."""
    expected, previous = 0, START
    for _, _, seq, code, stage, data, private, on, at, by, typed, role, acting, before, after, key, kept in events:
        proof.events += 1
        expected += 1
        if seq != expected:
            proof.add("事项", f"{number} 第{expected}步", "这一步的记录不在，或次序被改动")
            return -1, ""
        fields = event_fields(
            number, seq, code, stage, json_text(data), private, on, at,
            people.get(by, "?"), people.get(typed, "?"), role, people.get(acting, "?"), before, after, key,
        )  # fmt: skip
        if link(previous, fields) != kept:
            proof.add("事项", f"{number} 第{seq}步", "记录的内容与当时不同，或取自别处")
            return -1, ""
        previous = kept
    return expected, previous


def _looks(proof: Proof, people: dict[int | None, str]) -> None:
    asked = (
        "SELECT a.seq, p.number, a.what, a.by_id, a.at, a.reason, a.detail, a.hash FROM records_access a"
        " LEFT JOIN records_petition p ON p.id = a.petition_id ORDER BY a.seq"
    )
    expected, previous = 0, START
    for seq, number, what, by, at, reason, detail, kept in rows(asked):
        expected += 1
        if seq != expected:
            proof.add("查看记录", f"第{expected}条", "这一条不在，或次序被改动")
            return
        fields = access_fields(seq, number or "?", what, people.get(by, "?"), at, reason, json_text(detail))
        if link(previous, fields) != kept:
            proof.add("查看记录", f"第{seq}条", "内容与当时不同")
            return
        previous = kept
    proof.looks = expected
    _end(proof, LOOKS, "查看记录", expected, previous)


def _administration(proof: Proof, people: dict[int | None, str]) -> None:
    count, previous = 0, START
    for pk, at, by, what, target, detail, kept in rows(
        "SELECT id, at, by_id, what, target, detail, hash FROM records_adminevent ORDER BY id"
    ):
        count += 1
        if link(previous, admin_fields(at, people.get(by, "?"), what, target, json_text(detail))) != kept:
            proof.add("操作记录", f"#{pk}", "内容与当时不同，或之前有记录被删去")
            return
        previous = kept
    proof.administrative = count
    _end(proof, ADMINISTRATION, "操作记录", count, previous)


def _end(proof: Proof, name: str, label: str, count: int, last: str) -> None:
    head = ChainHead.objects.filter(pk=name).first()
    if (head.seq, head.hash) != (count, last) if head else count:
        proof.add(label, f"第{count + 1}条", "之后的记录被删去，或末尾被改动")


def _seals(proof: Proof, kept: dict[int, str]) -> None:
    """Each seal follows the one before, and the records it covers are still those that were there."""
    before: Seal | None = None
    for seal in Seal.objects.order_by("number"):
        place = f"第{seal.number}号（{seal.day}）"
        if seal.number != (before.number + 1 if before else 1):
            proof.add("封印", place, "之前有封印被删去")
            return
        if hash_of(seal, before.hash if before else START) != seal.hash:
            proof.add("封印", place, "封印本身被改动")
            return
        if digest_of(covers(before), covers(seal)) != (seal.records, seal.digest):
            proof.add("封印", place, "封印之后，其中的记录被改动、增加或删去")
            return
        if kept.get(seal.number, seal.hash) != seal.hash:
            proof.add("封印", place, "与另存的封印不同")
            return
        proof.seals, proof.last_seal, before = seal.number, seal.hash, seal
    if gone := [n for n in kept if n > proof.seals]:
        proof.add("封印", f"第{min(gone)}号", "另存的封印在系统中不存在")
    places, sealed = last_places(), covers(before)
    if any(have < had for have, had in zip(places, sealed, strict=True)):
        proof.add("封印", "末尾", "封印之后，末尾的记录被删去")
    proof.unsealed = proof.events + proof.looks + proof.administrative - _sealed_records()


def _sealed_records() -> int:
    return sum(Seal.objects.values_list("records", flat=True))
