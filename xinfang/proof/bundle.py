"""A bundle: cases with all that proves them, in one ZIP file that can be verified on a machine without the system.

It holds each event exactly as it was hashed (of what an event withholds, only a keyed digest is in it), every seal, and
for the seals that cover these events the hashes of all that was sealed. Nothing of other cases is in it but their
hashes.
"""

import json
import os
import zipfile
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xinfang.audit.canonical import event_fields, seal_fields
from xinfang.audit.chain_queries import canonical_json_reader, rows_in_batches, usernames
from xinfang.audit.chain_queries import events_sql as event_rows
from xinfang.audit.models import Seal
from xinfang.audit.seals import hash_lines, positions_covered
from xinfang.cases.models import Petition
from xinfang.core.snapshots import read_snapshot
from xinfang.procedure.errors import XinfangError
from xinfang.vault import standalone
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, hashed_line
from xinfang.vault.sm_ciphers import sm3

README = """证据包

cases/      每件一个文件，每行一条办理记录：SM3 值，然后是当时计算 SM3 的原文
            （格式、前一条的 SM3 值、编号、序号、步骤、环节、内容、文字密文的带密钥摘要、发生日期、记录时间（世界时）、
            办理人、录入人、身份、代行、之前状态、之后状态、防重复标记）
seals.txt   全部封印，写法相同
sealed/     与这些记录有关的封印所含的全部记录的 SM3 值
verify.py   核验程序，只需 Python 3.7 以上：python3 verify.py

填写的文字和个人信息不在包内，只有它们加密后的带密钥摘要（HMAC-SM3），由系统核验。证明包内记录就是当时的记录，请把最近的封印与另存或打印的封印核对：
python3 verify.py --seals 另存的封印文件
"""


class CannotBundle(XinfangError):
    """Why there is no bundle, as a sentence for people."""


@dataclass(frozen=True)
class BundleReport:
    """What was written. `sealed` of the events are under a seal; `sm3` is the file's own."""

    file: str
    cases: int
    events: int
    sealed: int
    seals: int
    bytes: int
    sm3: str


def make_bundle(ids: Sequence[int], file: Path, now: datetime, *, all_seals: bool = False) -> BundleReport:
    """Write the bundle of these petitions and verify it before it gets its name.

    `all_seals` adds the hashes under every seal, so that the whole row of seals can be computed again.

    Raises:
        CannotBundle: a record isn't what was hashed, or the finished file doesn't verify.
        OSError: the file can't be written.
    """
    with read_snapshot():
        members, needed = _cases(ids, now)
        seals = list(Seal.objects.order_by("number"))
        members[standalone.SEALS] = _seals(seals)
        before: Seal | None = None
        for seal in seals:
            if all_seals or seal.number in needed:
                members[f"sealed/{seal.number:06d}.txt"] = hash_lines(before, seal).encode()
            before = seal
    members["说明.txt"] = README.encode()
    members[standalone.VERIFIER] = Path(standalone.__file__).read_bytes()
    members[standalone.MANIFEST] = standalone.manifest_of(members)
    found = _write(members, file)
    raw = file.read_bytes()
    return BundleReport(
        str(file), len(found["cases"]), found["events"], found["sealed"], found["seals"], len(raw), sm3(raw).hex()
    )


def _cases(ids: Sequence[int], now: datetime) -> tuple[dict[str, bytes], set[int]]:
    """Return the files of the cases with a description of them, and the numbers of the seals that cover their events.

    Raises:
        CannotBundle: a record isn't what was hashed, or the last ones are missing.
    """
    people, spelled = usernames(), canonical_json_reader()
    seals = list(Seal.objects.order_by("number").values_list("last_event", "number"))
    ends = [last for last, _ in seals]
    members: dict[str, bytes] = {}
    needed: set[int] = set()
    about = []
    for petition in Petition.objects.filter(pk__in=ids).order_by("pk").only("pk", "number", "revision", "head"):
        previous, text, sealed, count = FIRST_PREVIOUS_HASH, [], 0, 0
        for (
            pk,
            _,
            seq,
            code,
            stage,
            data,
            text_digest,
            on,
            at,
            by,
            typed,
            role,
            acting,
            before,
            after,
            key,
            kept,
        ) in rows_in_batches(f"{event_rows()} WHERE e.petition_id = %s ORDER BY e.seq", (petition.pk,)):
            fields = event_fields(
                petition.number, seq, code, stage, spelled(data), text_digest, on, at,
                people.get(by, "?"), people.get(typed, "?"), role, people.get(acting, "?"), before, after, key,
            )  # fmt: skip
            hashed = hashed_line(previous, fields).encode("utf-8", "surrogatepass")
            if sm3(hashed).hex() != kept:
                raise CannotBundle(
                    f"{petition.number} 第{seq}步的记录与当时不同，没有导出。请运行 xinfang verify，报告审计员。"
                )
            text.append(kept.encode() + b" " + hashed + b"\n")
            previous, count = kept, count + 1
            place = bisect_left(ends, pk)
            if place < len(seals):
                needed.add(seals[place][1])
                sealed += 1
        if (count, previous) != (petition.revision, petition.head):
            raise CannotBundle(f"{petition.number} 末尾的记录不在，没有导出。请运行 xinfang verify，报告审计员。")
        members[f"cases/{petition.number}.txt"] = b"".join(text)
        about.append({"number": petition.number, "revision": count, "head": previous, "sealed": sealed})
    told = {"format": standalone.BUNDLE, "made_at": now.isoformat(" ", "seconds"), "cases": about}
    members[standalone.ABOUT] = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    return members, needed


def _seals(seals: list[Seal]) -> bytes:
    text, previous = [], FIRST_PREVIOUS_HASH
    for seal in seals:
        marks = (*positions_covered(seal), seal.records)
        fields = seal_fields(seal.number, seal.day, seal.made_at, marks, seal.digest)
        text.append(f"{seal.hash} {hashed_line(previous, fields)}\n")
        previous = seal.hash
    return "".join(text).encode()


def _write(members: dict[str, bytes], file: Path) -> dict[str, Any]:
    """Write the ZIP beside its place, verify it as its reader will, then name it; an existing file stays.

    Raises:
        CannotBundle: what was written doesn't verify.
    """
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
                for name in sorted(members):
                    packed.writestr(name, members[name])
            out.flush()
            os.fsync(out.fileno())
        found: dict[str, Any] = standalone.check_file(half)
        # Unlike a rename, a link never takes the place of a file that came in the meantime.
        os.link(half, file)
    except standalone.DamagedRecord as e:
        raise CannotBundle(f"导出的内容核验不通过：{e}。没有保留它；请运行 xinfang verify，报告审计员。") from None
    finally:
        half.unlink(missing_ok=True)
    return found
