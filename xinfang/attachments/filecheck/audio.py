"""Recordings: mp3, wav, amr, aac, and the boxes of MPEG-4 (m4a, mp4, 3gp)."""

from collections.abc import Callable

from xinfang.attachments.filecheck import mpeg4_boxes

from .kinds import NotAccepted

_AUDIO = (b"M4A ", b"M4B ")
_VIDEO = {b"isom", b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V ", b"dash", *(b"iso%d" % n for n in range(2, 10))}
_PHONE = (b"3g", b"kddi")
_OTHERS = (b"qt  ",)
"""Brands of films that go with MPEG-4's, and of which players of MPEG-4 don't know what is inside."""
_RATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def file_type_of(data: bytes) -> str | None:
    """Return the code of a recording's kind, or None where it is none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if data[4:8] == b"ftyp":
        return _boxed(data)
    tag = _tag(data)
    if _frames(data[tag:], _aac) >= 2:
        return "aac"
    return "mp3" if tag or _frames(data, _layer_three) >= 2 else None


def _boxed(data: bytes) -> str | None:
    first = data[8:12]
    if first in _AUDIO:
        return "m4a"
    if first.startswith(_PHONE):
        return "3gp"
    return "mp4" if first not in _OTHERS and _VIDEO & mpeg4_boxes.brands(data) else None


def _tag(data: bytes) -> int:
    """Return the bytes of the tag before the sound (title, singer), 0 where there is none."""
    if not data.startswith(b"ID3") or len(data) <= 10 or max(data[6:10]) >= 0x80:
        return 0
    return 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])


def _frames(data: bytes, measure: Callable[[bytes], int], most: int = 3) -> int:
    """Return how many frames follow each other from the start, up to `most`.

    `measure` tells a frame's bytes by its header, 0 where it is none.
    """
    place = found = 0
    while found < most:
        length = measure(data[place : place + 7])
        if not length or place + length > len(data):
            break
        found, place = found + 1, place + length
    return found


def _aac(head: bytes) -> int:
    """Return the bytes of an AAC frame (ADTS), 0 where it is none."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > 7 else 0


def _layer_three(head: bytes) -> int:
    """Return the bytes of a frame of MPEG layer III (MP3), 0 where it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, sampling, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version not in _SAMPLES or sampling == 3:
        return 0
    kilobits = _RATES[3 if version == 3 else 2][rate]
    per_frame = 144 if version == 3 else 72
    return kilobits and per_frame * kilobits * 1000 // _SAMPLES[version][sampling] + padding


def check_content(data: bytes, code: str) -> None:
    """Refuse a recording that was cut off in its first box, or that says more than it holds.

    Raises:
        NotAccepted: it is not complete.
    """
    if data[4:8] == b"ftyp" and b"moov" not in data:
        raise NotAccepted("录音录像文件不完整（缺少目录部分），可能没有录完或没有传完。请重新导出后再上传。")
    if code == "wav" and b"fmt " not in data[:4096]:
        raise NotAccepted("WAV 录音文件不完整。请重新导出后再上传。")
