"""The key folder: master keys that wrap record keys, and the lookup key that marks what is searched exactly.

The folder holds `master-00001.key`, `master-00002.key`, … and `lookup.key`, each one line of text, readable by its
owner only. A key file is written once, whole, and never changed, so a process may read while another rotates.
"""

import fcntl
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from xinfang.vault import wrapped_keys
from xinfang.vault.sm_ciphers import (
    KEY_BYTES,
    DecryptionFailed,
    VaultError,
    equal_in_constant_time,
    hmac_sm3,
    hmac_sm3_of_many,
    seal,
    sm3,
    unseal,
)

LOOKUP = "lookup"
_LINE = re.compile(r"xinfang-key-1 (master|lookup) (\d{1,5}) ([0-9a-f]{32}) ([0-9a-f]{8})\n?")
_MASTER_FILE = re.compile(r"master-(\d{5})\.key")
_LAST_VERSION = 0xFFFF
_SETTLED_NANOSECONDS = 2_000_000_000
"""Nanoseconds after which a folder's time of change is trusted: a change within the same clock tick doesn't show."""
_FROM_SHARES = "请从备份恢复密钥文件夹，或召集持有人凑齐密钥份额后运行 xinfang key recover。"


class KeyMissing(VaultError):
    """The keys can't be used: missing, damaged, or open to others. Its text says what to do, and holds no key."""


class Keyring:
    """All keys of the installation. Its text forms show none of them."""

    def __init__(self, masters: Mapping[int, bytes], lookup: bytes) -> None:
        self._masters = dict(masters)
        self._lookup = lookup

    @property
    def versions(self) -> list[int]:
        """The versions of the masters, oldest first."""
        return sorted(self._masters)

    @property
    def newest(self) -> int:
        """The version of the newest master, which wraps new record keys."""
        return max(self._masters)

    def new_key(self) -> tuple[bytes, bytes]:
        """Return a fresh record key, and the same wrapped by the newest master, as a row keeps it."""
        record_key = secrets.token_bytes(KEY_BYTES)
        return record_key, self._wrap(record_key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the record key.

        Raises:
            DecryptionFailed: what wraps it was altered.
            KeyMissing: its master isn't in the folder.
        """
        wrapped = bytes(wrapped)  # PostgreSQL hands out a memoryview
        version = version_of(wrapped)
        return unseal(self._master(version), wrapped[2:], _aad(version))

    def rewrap(self, wrapped: bytes) -> bytes:
        """Return the same record key, wrapped by the newest master.

        Raises:
            DecryptionFailed: what wraps it was altered.
            KeyMissing: its master isn't in the folder.
        """
        return self._wrap(self.unwrap(wrapped))

    def is_newest(self, wrapped: bytes) -> bool:
        """Tell whether this record key is wrapped by the newest master."""
        return version_of(bytes(wrapped)) == self.newest

    def rotate(self) -> int:
        """Make a new master key; returns its version. Older ones stay, for what they have wrapped.

        Raises:
            KeyMissing: the folder can't be read or written, or there is no version left.
        """
        with _locked(settings.KEYS_DIR) as folder:
            masters, lookup = _read(folder)
            version = max(masters) + 1
            if version > _LAST_VERSION:
                raise KeyMissing(f"主密钥版本已到 {_LAST_VERSION}，不能再轮换。")
            masters[version] = _make(folder, "master", version)
        self._masters, self._lookup = masters, lookup
        return version

    def mark(self, kind: str, content: str | bytes) -> str:
        """Return 64 hexadecimal digits: equal for equal contents of one kind, and meaningless without the lookup key.

        The lookup key never rotates, as every mark would have to be computed again from the plain text.

        Raises:
            ValueError: the kind holds a zero character, which separates it from the content.
        """
        if "\0" in kind:
            raise ValueError("a kind is a short word")
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        return hmac_sm3(self._lookup, kind.encode() + b"\0" + raw).hex()

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes that follow from the lookup key: always the same for one purpose, of no use for another."""
        return hmac_sm3(self._lookup, b"derived\0" + purpose.encode())

    def marks_of_many(self, kind: str) -> Callable[[bytes], str]:
        """Return `mark` as a function of the content alone, for many contents of one kind."""
        code_of = hmac_sm3_of_many(self._lookup, kind.encode() + b"\0")
        return lambda content: code_of(content).hex()

    def fingerprints(self) -> dict[str, str]:
        """Return eight digits for each key, to compare two folders by eye: `lookup` and each master's version."""
        keys = {LOOKUP: self._lookup, **{str(v): self._masters[v] for v in self.versions}}
        return {name: hmac_sm3(key, b"xinfang fingerprint").hex()[:8] for name, key in keys.items()}

    def bundle(self) -> tuple[dict[int, bytes], bytes]:
        """Return every master by version, and the lookup key: for the shares only."""
        return dict(self._masters), self._lookup

    def _wrap(self, record_key: bytes) -> bytes:
        version = self.newest
        return version.to_bytes(2, "big") + seal(self._masters[version], record_key, _aad(version))

    def _master(self, version: int) -> bytes:
        if version not in self._masters:
            # Wrapped by a process that knew of a rotation before this one did.
            self._masters, self._lookup = _read(Path(settings.KEYS_DIR))
        if version not in self._masters:
            raise KeyMissing(f"密钥文件夹中没有第 {version} 版主密钥，用它加密的内容无法读取。{_FROM_SHARES}")
        return self._masters[version]


def version_of(wrapped: bytes) -> int:
    """Return the version of the master that wrapped it: its first two bytes.

    Raises:
        DecryptionFailed: it is shorter than that.
    """
    if len(wrapped) < 2:
        raise DecryptionFailed
    return int.from_bytes(wrapped[:2], "big")


_cached: tuple[tuple[str, int, int], int, Keyring] | None = None


def keyring() -> Keyring:
    """Return the keys, read once in a process and again when the folder has changed; made at the very first start.

    Raises:
        KeyMissing: the keys can't be used, or they are gone while the database still needs them.
    """
    global _cached
    folder = Path(settings.KEYS_DIR)
    seen = _state(folder)
    if seen is not None and _cached is not None:
        state, read_at, ring = _cached
        if state == seen and read_at - seen[2] > _SETTLED_NANOSECONDS:
            return ring
    read_at = time.time_ns()
    try:
        masters, lookup = _read(folder)
    except _NoKeys:
        _make_first(folder)
        masters, lookup = _read(folder)
    ring = Keyring(masters, lookup)
    # `seen` was taken before reading: a rotation in between makes the next call read again.
    _cached = (seen, read_at, ring) if seen is not None else None
    return ring


def keyring_on_disk() -> Keyring:
    """Return the keys as they are in the folder at this moment, whatever this process remembers; none are made.

    Raises:
        KeyMissing: the keys can't be used.
    """
    return Keyring(*_read(Path(settings.KEYS_DIR)))


def install_keys(masters: Mapping[int, bytes], lookup: bytes) -> None:
    """Put recovered keys into the folder. Keys already there must be among them; nothing is overwritten.

    The newest master comes first and the lookup key last: a folder without the lookup key isn't used, so one that was
    cut off in between can neither be taken for whole nor give a second key an old version's number.

    Raises:
        KeyMissing: the folder holds other keys, or can't be used.
    """
    wanted = {_name("master", v): ("master", v, masters[v]) for v in sorted(masters, reverse=True)}
    wanted[_name(LOOKUP, 0)] = (LOOKUP, 0, lookup)
    with _locked(settings.KEYS_DIR) as folder:
        present = {file.name for file in folder.glob("*.key")}
        for name in sorted(present):
            if name not in wanted or not equal_in_constant_time(_load(folder, *wanted[name][:2]), wanted[name][2]):
                raise KeyMissing(
                    f"密钥文件夹 {folder} 中已有另外的密钥（{name}），没有改动。"
                    "确要用份额恢复，请先把其中的 .key 文件移到别处保存，再试一次。"
                )
        for name in wanted:
            if name not in present:
                _write(folder, *wanted[name])


class _NoKeys(KeyMissing):
    """There is no master key in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"密钥文件夹 {folder} 中没有主密钥。{_FROM_SHARES}")


def _aad(version: int) -> bytes:
    return b"xinfang record key " + str(version).encode()


def _state(folder: Path) -> tuple[str, int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return str(folder), found.st_ino, found.st_mtime_ns


def _read(folder: Path) -> tuple[dict[int, bytes], bytes]:
    """Read every master by version, and the lookup key.

    Raises:
        KeyMissing: a key is missing or damaged, or the folder can't be read.
        _NoKeys: there is no master at all.
    """
    try:
        names = sorted(file.name for file in folder.iterdir())
        _owner_only(folder)
    except FileNotFoundError:
        names = []
    except OSError as e:
        raise KeyMissing(f"密钥文件夹 {folder} 无法读取（{e.strerror}），请检查其权限。") from None
    versions = [int(found[1]) for name in names if (found := _MASTER_FILE.fullmatch(name))]
    if not versions:
        raise _NoKeys(folder)
    if f"{LOOKUP}.key" not in names:
        raise KeyMissing(f"密钥文件夹 {folder} 中缺少 {LOOKUP}.key。{_FROM_SHARES}")
    masters = {version: _load(folder, "master", version) for version in versions}
    return masters, _load(folder, LOOKUP, 0)


def _load(folder: Path, kind: str, version: int) -> bytes:
    file = folder / _name(kind, version)
    try:
        _owner_only(file)
        text = file.read_text("ascii", "replace")
    except OSError as e:
        raise KeyMissing(f"密钥文件 {file} 无法读取（{e.strerror}），请检查其权限。") from None
    line = _LINE.fullmatch(text)
    if line is None or (line[1], int(line[2])) != (kind, version) or _check(kind, version, line[3]) != line[4]:
        raise KeyMissing(f"密钥文件 {file} 已损坏。{_FROM_SHARES}")
    return bytes.fromhex(line[3])


def _owner_only(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        right = "700" if path.is_dir() else "600"
        raise KeyMissing(
            f"{path} 可以被其他用户读取（权限 {mode:o}），密钥可能已经泄露。请运行 chmod {right} {path}，并考虑轮换密钥。"
        )


def _name(kind: str, version: int) -> str:
    return f"{LOOKUP}.key" if kind == LOOKUP else f"master-{version:05}.key"


def _check(kind: str, version: int, key: str) -> str:
    return sm3(f"{kind} {version} {key}".encode()).hex()[:8]


@contextmanager
def _locked(where: str | Path) -> Iterator[Path]:
    """Give the folder, made if need be, while other processes that make keys wait.

    Raises:
        KeyMissing: the folder can't be written, or is open to others.
    """
    folder = Path(where)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _owner_only(folder)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as e:
        raise KeyMissing(f"密钥文件夹 {folder} 无法写入（{e.strerror}），请检查 XINFANG_KEYS 和文件夹权限。") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(lock)


def _make_first(folder: Path) -> None:
    """Make the first keys of an installation, unless the database shows that there were keys before.

    Raises:
        KeyMissing: there were keys, and they are gone.
    """
    if wrapped_keys.any_key_wrapped():
        if _has_master(folder):
            return  # another process was faster, and has encrypted something since
        raise KeyMissing(
            f"密钥文件夹 {folder} 中没有密钥，而数据库中已有用密钥加密的内容。为免这些内容永远无法读取，系统没有另造新密钥。"
            f"请检查 XINFANG_KEYS 是否指向原来的文件夹；{_FROM_SHARES}"
        )
    with _locked(folder):
        if _has_master(folder):
            return
        # The master comes last: a start cut off in between is simply finished by the next.
        if not (folder / f"{LOOKUP}.key").exists():
            _make(folder, LOOKUP, 0)
        _make(folder, "master", 1)


def _has_master(folder: Path) -> bool:
    return folder.is_dir() and any(_MASTER_FILE.fullmatch(file.name) for file in folder.iterdir())


def _make(folder: Path, kind: str, version: int) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    _write(folder, kind, version, key)
    return key


def _write(folder: Path, kind: str, version: int, key: bytes) -> None:
    """Write a key whole and keep it safe under another name, then link it: never half there, never over another key.

    Raises:
        KeyMissing: the folder can't be written.
    """
    fresh = folder / f".{secrets.token_hex(8)}"
    line = f"xinfang-key-1 {kind} {version} {key.hex()} {_check(kind, version, key.hex())}\n"
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(fresh, folder / _name(kind, version))
        _keep(folder)
    except OSError as e:
        raise KeyMissing(f"密钥文件无法写入 {folder}（{e.strerror}），请检查磁盘空间和文件夹权限。") from None
    finally:
        with suppress(OSError):
            fresh.unlink()


def _keep(folder: Path) -> None:
    """Have the folder's own list of names reach the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
