"""Recordings: mp3, wav, amr, and the boxes of MPEG-4 (m4a, mp4)."""

from .kinds import NotAccepted

_AUDIO = (b"M4A ", b"M4B ")
_VIDEO = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"MSNV",
    b"3gp4",
    b"3gp5",
    b"3gp6",
    b"dash",
)
_RATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def kind_of(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return "m4a" if brand in _AUDIO else "mp4" if brand in _VIDEO else None
    if data.startswith(b"ID3") and len(data) > 10 and max(data[6:10]) < 0x80:
        return "mp3"
    return "mp3" if _frames(data) >= 2 else None


def _frames(data: bytes, most: int = 3) -> int:
    """How many MPEG layer III frames follow each other from the start, up to `most`."""
    place = found = 0
    while found < most:
        length = _frame(data[place : place + 4])
        if not length or place + length > len(data):
            break
        found, place = found + 1, place + length
    return found


def _frame(head: bytes) -> int:
    """Bytes of the layer III frame with this header, 0 where it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, sampling, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version not in _SAMPLES or sampling == 3:
        return 0
    kilobits = _RATES[3 if version == 3 else 2][rate]
    per_frame = 144 if version == 3 else 72
    return kilobits and per_frame * kilobits * 1000 // _SAMPLES[version][sampling] + padding


def look_inside(data: bytes, code: str) -> None:
    """A recording that was cut off in its first box, or that says more than it holds, is told."""
    if data[4:8] == b"ftyp" and b"moov" not in data:
        raise NotAccepted("录音录像文件不完整（缺少目录部分），可能没有录完或没有传完。请重新导出后再上传。")
    if code == "wav" and b"fmt " not in data[:4096]:
        raise NotAccepted("WAV 录音文件不完整。请重新导出后再上传。")
