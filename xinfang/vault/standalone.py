"""Verify a bundle without the system (核验证据包).

不需要信访系统，也不需要安装任何程序，有 Python 3.7 以上即可。

    python3 verify.py                      在解开的文件夹中核验
    python3 verify.py 证据包.zip            直接核验压缩文件
    python3 verify.py 证据包.zip --seals 文件    并与另存的封印（xinfang seal --export 所写）比对

Checks an exported bundle: every event again with SM3, its place in its case, the daily seals, and that the sealed
events are among what was sealed. Prints 核验通过 and ends with 0, or names the first broken place and ends with 1.
It uses the standard library alone and is copied into each bundle unchanged. SM3 (GB/T 32905-2016) is OpenSSL's where
Python has it, otherwise the one below, some hundred times slower.
"""

from __future__ import annotations  # so that Python 3.7 can read it

import argparse
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHAIN = "xinfang-chain-1"
BUNDLE = "xinfang-bundle-1"
START = "0" * 64
# What a seal covers, by the names of this format. They are hashed too, so they stay when a table is renamed.
TABLES = ("cases_event", "cases_accesslogentry", "audit_adminrecord")
EVENT_FIELDS = 17
SEAL_FIELDS = 11
MANIFEST, ABOUT, SEALS, VERIFIER = "manifest.txt", "bundle.json", "seals.txt", "verify.py"
_HEX = re.compile(r"[0-9a-f]{64}")
_KEPT = re.compile(r"(?:.*xinfang-seal )?(\d+) (\d{4}-\d\d-\d\d) ([0-9a-f]{64})(?: [0-9a-f]{64})?")


class DamagedRecord(Exception):
    """The first place that doesn't prove itself, as a sentence."""


# SM3 ------------------------------------------------------------------------------------------------------------------


def _turn(x: int, n: int) -> int:
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


_FIRST = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
_T = tuple(_turn(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32) for j in range(64))


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = _turn(a, 12)
        ss1 = _turn((a12 + e + _T[j]) & 0xFFFFFFFF, 7)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        d, c, b, a = c, _turn(b, 9), a, tt1
        h, g, f, e = g, _turn(f, 19), e, tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17)
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h)))  # noqa: B905 - zip has `strict` from 3.10 on


def pure_sm3(data: bytes) -> str:
    """Return the SM3 digest in hex, computed by this file alone."""
    padded = data + b"\x80" + b"\0" * (-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    state: tuple[int, ...] = _FIRST
    for i in range(0, len(padded), 64):
        state = _compress(state, padded[i : i + 64])
    return "".join(f"{x:08x}" for x in state)


def sm3(data: bytes) -> str:
    """Return the SM3 digest in hex, by OpenSSL where this Python has it."""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return pure_sm3(data)


# What is in the bundle ------------------------------------------------------------------------------------------------


def members_of(place: Path) -> dict[str, bytes]:
    """Return every member by name: of a ZIP file, or of the folder it was unpacked into.

    Raises:
        DamagedRecord: two members have the same name.
    """
    if not place.is_dir():
        with zipfile.ZipFile(str(place)) as packed:
            names = [i.filename for i in packed.infolist()]
            if len(names) != len(set(names)):
                raise DamagedRecord("压缩文件里有重名的文件")
            return {n: packed.read(n) for n in names if not n.endswith("/")}
    # Other things may lie beside an unpacked bundle, but nothing within its own folders.
    found = [p for p in place.iterdir() if p.name in (MANIFEST, ABOUT, SEALS, VERIFIER, "说明.txt")]
    for folder in ("cases", "sealed"):
        found += (place / folder).rglob("*")
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in found if p.is_file()}


def manifest_of(members: dict[str, bytes]) -> bytes:
    """Return the manifest over these members: for each its SM3 and name, and at the end the manifest's own SM3."""
    lines = [f"{sm3(members[n])}  {n}\n" for n in sorted(members)]
    text = "".join(lines).encode("utf-8")
    return text + f"{sm3(text)}  {MANIFEST}\n".encode()


def _check_manifest(members: dict[str, bytes]) -> None:
    kept = members.pop(MANIFEST, None)
    if kept is None:
        raise DamagedRecord(f"缺少清单 {MANIFEST}")
    text = kept.decode("utf-8")
    body, _, last = text[:-1].rpartition("\n")
    own = sm3((body + "\n").encode("utf-8"))
    if text[-1:] != "\n" or last != f"{own}  {MANIFEST}":
        raise DamagedRecord(f"清单 {MANIFEST} 被改动")
    listed = {line[66:]: line[:64] for line in body.split("\n")}
    for name in sorted(set(listed) | set(members)):
        if name not in members:
            raise DamagedRecord(f"缺少文件 {name}")
        if name not in listed:
            raise DamagedRecord(f"多出文件 {name}")
        if sm3(members[name]) != listed[name]:
            raise DamagedRecord(f"文件 {name} 被改动")
    if manifest_of(members) != kept:
        raise DamagedRecord(f"清单 {MANIFEST} 被改动")
    for name in (ABOUT, SEALS, VERIFIER):
        if name not in members:
            raise DamagedRecord(f"缺少文件 {name}")


def _records(name: str, raw: bytes) -> Iterator[tuple[int, str, list[Any]]]:
    """Yield the records of a member: place, hash, and the list that was hashed.

    Raises:
        DamagedRecord: the file is cut off, or a record isn't what was hashed.
    """
    if raw and raw[-1:] != b"\n":
        raise DamagedRecord(f"文件 {name} 末尾不完整")
    for place, line in enumerate(raw.split(b"\n")[:-1], 1):
        kept, hashed = line[:64].decode("ascii"), line[65:]
        if line[64:65] != b" " or sm3(hashed) != kept:
            raise DamagedRecord(f"{name} 第{place}条：记录的内容与当时不同")
        yield place, kept, json.loads(hashed.decode("utf-8", "surrogatepass"))


def _check_case(case: dict[str, Any], raw: bytes) -> list[str]:
    """Return the hashes of a case's events, in order; each must follow the one before and belong to this case.

    Raises:
        DamagedRecord: one doesn't, or the last ones are missing.
    """
    number, previous = case["number"], START
    hashes: list[str] = []
    for place, kept, fields in _records(f"cases/{number}.txt", raw):
        if len(fields) != EVENT_FIELDS or fields[0] != CHAIN or fields[1] != previous:
            raise DamagedRecord(f"事项 {number} 第{place}步：不接前一步，或取自别处")
        if fields[2] != number or fields[3] != place:
            raise DamagedRecord(f"事项 {number} 第{place}步：不是这一件的这一步")
        previous = kept
        hashes.append(kept)
    if len(hashes) != case["revision"] or previous != case["head"] or not hashes:
        raise DamagedRecord(f"事项 {number} 第{len(hashes) + 1}步：之后的记录被删去")
    return hashes


def _check_seals(raw: bytes) -> dict[int, dict[str, Any]]:
    """Return the seals by number: day, hash, how many records and their digest.

    Raises:
        DamagedRecord: a seal doesn't follow the one before.
    """
    seals: dict[int, dict[str, Any]] = {}
    previous = START
    for place, kept, fields in _records(SEALS, raw):
        if len(fields) != SEAL_FIELDS or fields[:3] != [CHAIN, previous, "seal"] or fields[3] != place:
            raise DamagedRecord(f"第{place}号封印：不接前一个封印")
        previous = kept
        seals[place] = {"day": fields[4], "hash": kept, "records": fields[9], "digest": fields[10]}
    return seals


def _check_sealed(number: int, seal: dict[str, Any], raw: bytes) -> set[str]:
    """Return the hashes of the events under a seal; all that it covers must give its digest.

    Raises:
        DamagedRecord: it gives another, or the list is cut off or altered.
    """
    hashed: list[str] = []
    found: set[str] = set()
    lines, count = raw.decode("ascii").split("\n"), 0
    if lines.pop() != "":
        raise DamagedRecord(f"第{number}号封印：所含记录的清单不完整")
    table = -1
    for line in lines:
        if table + 1 < len(TABLES) and line == TABLES[table + 1]:
            table += 1
            hashed.append(line + "\n")
        elif table >= 0 and _HEX.fullmatch(line):
            hashed.append(line)
            count += 1
            if table == 0:
                found.add(line)
        else:
            raise DamagedRecord(f"第{number}号封印：所含记录的清单被改动")
    if table != len(TABLES) - 1 or count != seal["records"] or sm3("".join(hashed).encode("ascii")) != seal["digest"]:
        raise DamagedRecord(f"第{number}号封印：所含的记录被改动、增加或删去")
    return found


def kept_seals(text: str) -> dict[int, str]:
    """Read seals that were kept elsewhere: hash by number.

    Raises:
        DamagedRecord: a row isn't a seal.
    """
    kept = {}
    for line in text.splitlines():
        found = _KEPT.fullmatch(line.strip())
        if found:
            kept[int(found.group(1))] = found.group(3)
        elif line.strip() and not line.startswith("#"):
            raise DamagedRecord("另存的封印中有一行不是“序号 日期 64位”")
    return kept


def check(members: dict[str, bytes], kept: dict[int, str] | None = None) -> dict[str, Any]:
    """Return what the bundle proves, as a dict.

    Raises:
        DamagedRecord: something doesn't prove itself; its text names the first place.
    """
    members = dict(members)
    _check_manifest(members)
    about = json.loads(members.pop(ABOUT).decode("utf-8"))
    if about["format"] != BUNDLE:
        raise DamagedRecord("不认识的格式 {}，请用随包的 verify.py".format(about["format"]))
    seals = _check_seals(members.pop(SEALS))
    of: dict[str, int] = {}
    for name in sorted(n for n in members if n.startswith("sealed/")):
        number = int(name[len("sealed/") : -len(".txt")])
        if number not in seals:
            raise DamagedRecord(f"第{number}号封印不存在")
        for one in _check_sealed(number, seals[number], members.pop(name)):
            of[one] = number
    events = sealed = 0
    for case in about["cases"]:
        name = "cases/{}.txt".format(case["number"])
        if name not in members:
            raise DamagedRecord("缺少事项 {} 的记录".format(case["number"]))
        hashes = _check_case(case, members.pop(name))
        marks = [of.get(h, 0) for h in hashes]
        under = [m for m in marks if m]
        if marks[: len(under)] != sorted(under) or len(under) != case["sealed"]:
            place = next((i for i, m in enumerate(marks, 1) if not m), len(marks))
            raise DamagedRecord("事项 {} 第{}步：不在当时封印的记录之中".format(case["number"], place))
        events += len(hashes)
        sealed += len(under)
    extra = sorted(n for n in members if n.startswith("cases/"))
    if extra:
        raise DamagedRecord(f"多出文件 {extra[0]}")
    for number, one in sorted((kept or {}).items()):
        if number not in seals:
            raise DamagedRecord(f"另存的第{number}号封印不在包内")
        if seals[number]["hash"] != one:
            raise DamagedRecord(f"第{number}号封印与另存的不同")
    last = max(seals) if seals else 0
    return {
        "cases": [c["number"] for c in about["cases"]],
        "made_at": about["made_at"],
        "events": events,
        "sealed": sealed,
        "seals": last,
        "last_seal": seals[last]["hash"] if last else "",
        "last_day": seals[last]["day"] if last else "",
        "compared": len(kept or {}),
    }


def check_file(place: Path, kept: dict[int, str] | None = None) -> dict[str, Any]:
    """Run `check` for a path.

    Raises:
        DamagedRecord: as in `check`, and where something can't be read, unpacked or parsed.
    """
    try:
        return check(members_of(place), kept)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as e:
        raise DamagedRecord(f"证据包读不出来，已损坏（{type(e).__name__}）") from None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, MemoryError) as e:
        raise DamagedRecord(f"证据包的格式被改动（{type(e).__name__}）") from None


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns 0 if everything proves itself, 1 if not, 2 if wrongly called."""
    parser = argparse.ArgumentParser(description="核验信访系统导出的证据包", add_help=True)
    parser.add_argument("place", nargs="?", help="证据包（ZIP），或解开后的文件夹；不填则为本文件所在的文件夹")
    parser.add_argument("--seals", help="另存的封印，一并比对")
    asked = parser.parse_args(argv)
    say = sys.stdout.write
    if hasattr(sys.stdout, "reconfigure"):
        # Windows would not know how to write Chinese into a file.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        kept = kept_seals(Path(asked.seals).read_text(encoding="utf-8-sig")) if asked.seals else None
    except (OSError, UnicodeDecodeError, DamagedRecord) as e:
        say(f"另存的封印读不出来：{e if isinstance(e, DamagedRecord) else type(e).__name__}\n")
        return 2
    place = Path(asked.place) if asked.place else Path(__file__).resolve().parent
    try:
        found = check_file(place, kept)
    except DamagedRecord as e:
        say(f"核验不通过：{e}。\n")
        return 1
    cases, events, sealed, seals = len(found["cases"]), found["events"], found["sealed"], found["seals"]
    say(f"核验通过：{cases} 件、{events} 条办理记录，其中 {sealed} 条已封印；")
    say(f"封印 {seals} 个。导出时间 {found['made_at']}。\n")
    if events > sealed:
        say(f"有 {events - sealed} 条在最近的封印之后，尚未封印。\n")
    if seals:
        say(f"最近的封印：第{seals}号（{found['last_day']}）{found['last_seal']}\n")
    if found["compared"]:
        say(f"与另存的 {found['compared']} 个封印一致。\n")
    else:
        say("本结果表明包内记录前后一致。要证明它就是当时的记录，请把最近的封印与另存或打印的封印核对。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
