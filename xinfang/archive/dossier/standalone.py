#!/usr/bin/env python3
"""Checks a package from the archive (BagIt, RFC 8493) without the system that made it.

    python3 check.py PACKAGE        a folder or a zip file; in an unpacked package, without PACKAGE, its own folder

Needs Python 3.8 or newer and nothing else. Every file is compared with its SM3 and SHA-256 digest, nothing may be
missing or too much, and the record of what was done is computed again: each event's hash from its content and the hash
before it, and the seal over them. Exit code 0 if all is as it was.
"""

from __future__ import annotations  # so that Python 3.8 can read it

import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import IO, Any

ALGORITHMS = ("sm3", "sha256")
TAG_ALGORITHMS = ("sha256",)
"""Of the files beside the content. Common tools take a tag manifest that they can't read for a stray file."""
_PIECE = 1024 * 1024
_LINE = re.compile(r"([0-9a-fA-F]+)[ \t]+\*?(.+)")


class PureSM3:
    """SM3 (GB/T 32905-2016) for machines whose hashlib doesn't know it. Some 100 KB a second."""

    _START = (
        0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
    )  # fmt: skip

    def __init__(self) -> None:
        self._state, self._rest, self._length = list(self._START), b"", 0

    def update(self, data: bytes) -> None:
        """Feed more data."""
        data = self._rest + bytes(data)
        self._length += len(data) - len(self._rest)
        whole = len(data) - len(data) % 64
        for at in range(0, whole, 64):
            self._block(data[at : at + 64])
        self._rest = data[whole:]

    def hexdigest(self) -> str:
        """Return the digest of what was fed so far, in 64 hexadecimal digits."""
        length = self._length * 8
        tail = self._rest + b"\x80" + b"\0" * ((55 - len(self._rest)) % 64) + length.to_bytes(8, "big")
        kept = list(self._state)
        for at in range(0, len(tail), 64):
            self._block(tail[at : at + 64])
        found, self._state = self._state, kept
        return "".join(f"{word:08x}" for word in found)

    def _block(self, block: bytes) -> None:
        def turn(x: int, n: int) -> int:
            n %= 32
            return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF

        w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = self._state
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = turn((turn(a, 12) + e + turn(t, j)) & 0xFFFFFFFF, 7)
            ss2 = ss1 ^ turn(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            d, c, b, a = c, turn(b, 9), a, tt1
            h, g, f, e = g, turn(f, 19), e, tt2 ^ turn(tt2, 9) ^ turn(tt2, 17)
        # Python 3.8 knows no strict.
        self._state = [x ^ y for x, y in zip(self._state, (a, b, c, d, e, f, g, h))]  # noqa: B905


def hasher(name: str) -> hashlib._Hash | PureSM3:
    """Return a digest to be fed; SM3 also where the system's library lacks it.

    Raises:
        ValueError: neither the library nor this program knows it.
    """
    try:
        return hashlib.new(name)
    except ValueError:
        if name != "sm3":
            raise
        return PureSM3()


class Folder:
    """A package that lies unpacked."""

    def __init__(self, path: str) -> None:
        self._root = Path(path)

    def names(self) -> list[str]:
        """Return the names of all files, sorted."""
        return sorted(f.relative_to(self._root).as_posix() for f in self._root.rglob("*") if f.is_file())

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        return (self._root / name).open("rb")


class Zipped:
    """A package in a zip file, below its one folder."""

    def __init__(self, path: str) -> None:
        self._zip = zipfile.ZipFile(path)
        tops = {n.split("/", 1)[0] for n in self._zip.namelist()}
        if len(tops) != 1:
            raise ValueError("zip 文件里应当只有一个文件夹。")
        self._top = tops.pop() + "/"

    def names(self) -> list[str]:
        """Return the names of all files, sorted, without the folder at the top."""
        return sorted(n[len(self._top) :] for n in self._zip.namelist() if not n.endswith("/"))

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        return self._zip.open(self._top + name)


def check(path: str) -> tuple[str, list[str]]:
    """Return (what was checked in one sentence, problems as sentences)."""
    try:
        return _check(Folder(path) if Path(path).is_dir() else Zipped(path))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, UnicodeDecodeError) as e:
        return "", [f"这不是完整的归档包，或已损坏：{type(e).__name__} {e}"]


def _check(package: Folder | Zipped) -> tuple[str, list[str]]:
    names = package.names()
    problems: list[str] = []
    if not package.open("bagit.txt").read().startswith(b"BagIt-Version: 1.0\n"):
        problems.append("bagit.txt：不是 BagIt 1.0")
    tags = [n for n in names if not n.startswith(("data/", "tagmanifest-"))]
    for prefix, algorithms, covered in (
        ("manifest", ALGORITHMS, [n for n in names if n.startswith("data/")]),
        ("tagmanifest", TAG_ALGORITHMS, tags),
    ):
        listed = {a: _manifest(package, f"{prefix}-{a}.txt") for a in algorithms}
        problems += _files(package, covered, listed)
    events = [n for n in names if n.endswith("records/events.json")]
    count = 0
    for name in events:
        data = json.loads(package.open(name).read().decode("utf-8"))
        problems += _chain(data)
        # Each part has the whole record of the case; what is sealed is only a hash in the other.
        count = max(count, len(data["events"]))
        problems += _seal(package, names, name.rsplit("/", 1)[0], data)
    if not events:
        problems.append("没有办理记录 records/events.json")
    payload = sum(n.startswith("data/") for n in names)
    return f"{payload} 个文件、{count} 条办理记录", problems


def _manifest(package: Folder | Zipped, name: str) -> dict[str, str]:
    found = {}
    for line in package.open(name).read().decode("utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{name} 有读不懂的一行")
        path = match[2].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        found[path] = match[1].lower()
    return found


def _files(package: Folder | Zipped, names: list[str], listed: dict[str, dict[str, str]]) -> list[str]:
    problems = []
    every = set(names).union(*listed.values())
    for name in sorted(every):
        if name not in names:
            problems.append(f"{name}：文件不见了")
            continue
        lacking = [a for a in listed if name not in listed[a]]
        if lacking:
            problems.append(f"{name}：没有列入 {'、'.join(lacking)} 清单")
            continue
        digests = {a: hasher(a) for a in listed}
        with package.open(name) as source:
            try:
                while True:
                    piece = source.read(_PIECE)
                    if not piece:
                        break
                    for digest in digests.values():
                        digest.update(piece)
            except zipfile.BadZipFile:
                problems.append(f"{name}：文件已损坏")
                continue
        wrong = [a for a in listed if digests[a].hexdigest() != listed[a][name]]
        if wrong:
            problems.append(f"{name}：内容与清单不符（{'、'.join(wrong)}）")
    return problems


def link(format_name: str, previous: str, fields: list[Any]) -> str:
    """Return the hash of a record: SM3 over one line of JSON."""
    line = json.dumps([format_name, previous, *fields], ensure_ascii=False, separators=(",", ":"))
    digest = hasher("sm3")
    digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _chain(data: dict[str, Any]) -> list[str]:
    previous = data["start"]
    for place, event in enumerate(data["events"], 1):
        if event["seq"] != place:
            return [f"办理记录第{place}条：不在，或次序被改动"]
        if not event.get("withheld"):
            fields = event["fields"]
            if (
                fields[0] != data["number"]
                or fields[1] != place
                or link(data["format"], previous, fields) != event["hash"]
            ):
                return [f"办理记录第{place}条：内容与当时不同"]
        previous = event["hash"]
    return [] if previous == data["head"] else ["办理记录的末尾被删去或改动"]


def _seal(package: Folder | Zipped, names: list[str], folder: str, data: dict[str, Any]) -> list[str]:
    if folder + "/seal.json" not in names:
        return []
    seal = json.loads(package.open(folder + "/seal.json").read().decode("utf-8"))
    problems = []
    if link(data["format"], seal["previous"], seal["fields"]) != seal["hash"] or seal["digest"] not in seal["fields"]:
        problems.append("封印本身被改动")
    covered = [e["hash"] for e in data["events"] if e["seq"] == seal["covers_seq"]]
    if covered != [seal["covers_hash"]]:
        problems.append("封印所盖的不是这些办理记录")
    if folder + "/seal-hashes.txt" in names:
        digest, found = hasher("sm3"), False
        for line in package.open(folder + "/seal-hashes.txt").read().decode("ascii").splitlines():
            digest.update((line + "\n" if "_" in line else line).encode("ascii"))
            found = found or line == seal["covers_hash"]
        if digest.hexdigest() != seal["digest"] or not found:
            problems.append("封印与它所盖的记录不符")
    return problems


def main(arguments: list[str]) -> int:
    """Check the package that is named, print what was found, and return the exit code."""
    path = arguments[0] if arguments else str(Path(__file__).resolve().parent)
    said, problems = check(path)
    for problem in problems:
        sys.stdout.write(problem + "\n")
    sys.stdout.write(f"发现 {len(problems)} 处问题。\n" if problems else f"核验完好：{said}。\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
