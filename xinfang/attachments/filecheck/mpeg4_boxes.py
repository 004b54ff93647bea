"""Files made of boxes (ISO 14496-12): MPEG-4 and its kin, HEIC and AVIF. Their first box says what they are."""

_MAX_BOX_BYTES = 4096


def brands(data: bytes) -> set[bytes]:
    """Return the file's brand and those it goes with, four bytes each; empty where no such box comes first."""
    if data[4:8] != b"ftyp":
        return set()
    box = data[: min(int.from_bytes(data[:4], "big"), _MAX_BOX_BYTES)]
    return {data[8:12], *(box[n : n + 4] for n in range(16, len(box) - 3, 4))}
