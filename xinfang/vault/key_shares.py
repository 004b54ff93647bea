"""The keys in n shares of which any k restore them, written so that people can keep them on paper (Shamir).

A share holds all keys, encrypted by a bundle key, and one Shamir share of that bundle key: with k shares nothing else
is needed, with k - 1 nothing is learned. Written as `XF1`, then groups of seven letters and a check letter, so that a
typo is found and its group named. Letters that look alike are never used and are understood (O is 0, I and L are 1).
"""

import json
import unicodedata
from base64 import b32decode, b32encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from Crypto.Protocol.SecretSharing import Shamir
from django.conf import settings

from xinfang.vault.sm_ciphers import KEY_BYTES, DecryptionFailed, VaultError, seal, sm3, unseal

from . import keys

MAX_SHARES = 30
"""Shares of one set."""
_PREFIX = "XF1"
_SET = 4
_SUM = 4
_GROUP = 7
_NOTE = "shares.json"
"""The file in the key folder that says when shares were made."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_OURS = str.maketrans(_STANDARD, _LETTERS)
_TO_STANDARD = str.maketrans(_LETTERS, _STANDARD)
_ALIKE = str.maketrans("OIL", "011")


class WrongShares(VaultError):
    """The shares don't restore the keys. Its text says which line is wrong and what to do; it repeats none of them."""


@dataclass(frozen=True, slots=True)
class SharesMade:
    """When shares were made (aware), how many, how many are needed, and the newest master that is in them."""

    at: datetime
    of: int
    need: int
    newest: int


@dataclass(frozen=True, repr=False)
class _Share:
    made: bytes
    """Which set it belongs to: drawn again whenever shares are made."""
    index: int
    need: int
    of: int
    part: bytes
    bundle: bytes

    def head(self) -> bytes:
        return self.made + bytes((self.need, self.of))


def split_keys(n: int, k: int) -> list[str]:
    """Return `n` shares of all present keys; any `k` of them restore the keys. A later master isn't in them.

    Raises:
        ValueError: there are too many shares, or `k` isn't between 2 and `n`.
        KeyMissing: the keys themselves can't be used.
    """
    if not 2 <= k <= n <= MAX_SHARES:
        raise ValueError(f"份额应为 2 至 {MAX_SHARES} 份，恢复所需的份数应在 2 与总份数之间。")
    masters, lookup = keys.keyring().bundle()
    _note(SharesMade(datetime.now(UTC), n, k, max(masters)))
    bundle_key, made = token_bytes(KEY_BYTES), token_bytes(_SET)
    bundle = seal(bundle_key, _packed(masters, lookup), made + bytes((k, n)))
    return [_written(_Share(made, index, k, n, part, bundle)) for index, part in Shamir.split(k, n, bundle_key)]


def last_shares() -> SharesMade | None:
    """Tell when shares were last made on this machine, and of which keys; None if never, or if the note is gone."""
    try:
        told = json.loads((Path(settings.KEYS_DIR) / _NOTE).read_text("utf-8"))
        return SharesMade(datetime.fromisoformat(told["at"]), told["of"], told["need"], told["newest"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(made: SharesMade) -> None:
    """Keep beside the keys when shares of them were made: no share, and nothing of one.

    Raises:
        KeyMissing: the key folder can't be written.
    """
    file = Path(settings.KEYS_DIR) / _NOTE
    part = file.with_name(f".{_NOTE}.{token_bytes(4).hex()}")
    try:
        part.touch(mode=0o600)
        part.write_text(json.dumps(asdict(made) | {"at": made.at.isoformat(timespec="seconds")}), "utf-8")
        part.replace(file)
    except OSError as e:
        raise keys.KeyMissing(f"密钥文件夹 {file.parent} 不能写入（{e.strerror}），请检查其权限。") from None


def recover_keys(shares: Iterable[str]) -> list[int]:
    """Write the keys of these shares into the empty key folder; returns the versions of the masters.

    Raises:
        WrongShares: the shares don't restore the keys.
        KeyMissing: the folder can't be used, or holds other keys.
    """
    masters, lookup = decode_shares(shares)
    keys.install_keys(masters, lookup)
    return sorted(masters)


def decode_shares(shares: Iterable[str]) -> tuple[dict[int, bytes], bytes]:
    """Return the masters by version and the lookup key, from shares one on each line; empty lines don't count.

    Raises:
        WrongShares: a share is mistyped, given twice or of another set, or there are too few.
    """
    read: dict[int, tuple[int, _Share]] = {}
    for line, text in enumerate(shares, 1):
        if not text.strip():
            continue
        share = _read(line, text)
        for earlier, other in read.values():
            if other.head() != share.head() or other.bundle != share.bundle:
                raise WrongShares(
                    f"第 {line} 行与第 {earlier} 行不是同一次制作的份额，不能合用。请只用同一次制作的份额。"
                )
        if share.index in read:
            raise WrongShares(
                f"第 {line} 行与第 {read[share.index][0]} 行是同一份（第 {share.index} 份），请换另一份。"
            )
        read[share.index] = (line, share)
    if not read:
        raise WrongShares("没有读到份额。请每行输入一份。")
    found = [share for _, share in read.values()]
    need = found[0].need
    if len(found) < need:
        raise WrongShares(f"恢复需要 {need} 份，目前只有 {len(found)} 份。请再召集 {need - len(found)} 位持有人。")
    bundle_key = Shamir.combine([(share.index, share.part) for share in found[:need]])
    try:
        return _unpacked(unseal(bundle_key, found[0].bundle, found[0].head()))
    except DecryptionFailed:
        raise WrongShares("这些份额合不成密钥：其中有份额被改动过。请换一份再试。") from None


def _packed(masters: dict[int, bytes], lookup: bytes) -> bytes:
    return lookup + b"".join(version.to_bytes(2, "big") + masters[version] for version in sorted(masters))


def _unpacked(plain: bytes) -> tuple[dict[int, bytes], bytes]:
    step = 2 + KEY_BYTES
    masters = {
        int.from_bytes(plain[at : at + 2], "big"): plain[at + 2 : at + step]
        for at in range(KEY_BYTES, len(plain), step)
    }
    return masters, plain[:KEY_BYTES]


def _written(share: _Share) -> str:
    body = share.made + bytes((share.index, share.need, share.of)) + share.part + share.bundle
    body += sm3(body)[:_SUM]
    letters = b32encode(body).decode().rstrip("=").translate(_TO_OURS)
    groups = [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]
    return "-".join([_PREFIX, *(group + _check(place, group) for place, group in enumerate(groups, 1))])


def _check(place: int, group: str) -> str:
    return _LETTERS[sm3(f"{place} {group}".encode())[0] % len(_LETTERS)]


def _read(line: int, text: str) -> _Share:
    folded = "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("—", "-").replace("–", "-")
    prefix, _, rest = folded.partition("-")
    if prefix != _PREFIX:
        raise WrongShares(f"第 {line} 行不是密钥份额：份额以 {_PREFIX}- 开头，请整行抄写。")
    groups = rest.translate(_ALIKE).split("-")
    for place, group in enumerate(groups, 1):
        last = place == len(groups)
        whole = len(group) == _GROUP + 1 or (last and 2 <= len(group) <= _GROUP)
        if not whole or set(group) - set(_LETTERS) or _check(place, group[:-1]) != group[-1]:
            raise WrongShares(
                f"第 {line} 行的第 {place} 组抄写有误，请核对该组（每组 {_GROUP + 1} 个字符，最后一组可以较短）。"
            )
    letters = "".join(group[:-1] for group in groups).translate(_TO_STANDARD)
    wrong = WrongShares(f"第 {line} 行不完整或抄写有误，请与原件逐组核对，尤其是最后一组和组的先后。")
    try:
        body = b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raise wrong from None
    # The last letter holds bits that no byte needs: a typo in them alone leaves the bytes as they were.
    if b32encode(body).decode().rstrip("=") != letters:
        raise wrong
    if len(body) < _SET + 3 + KEY_BYTES + _SUM or sm3(body[:-_SUM])[:_SUM] != body[-_SUM:]:
        raise wrong
    made, (index, need, of) = body[:_SET], body[_SET : _SET + 3]
    if not (2 <= need <= of and 1 <= index <= of):
        raise wrong
    at = _SET + 3
    return _Share(made, index, need, of, body[at : at + KEY_BYTES], body[at + KEY_BYTES : -_SUM])
