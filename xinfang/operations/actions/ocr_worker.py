"""Reads scans: a program beside the servers, at the lowest priority, one page after another, offline.

The models lie inside the package that reads (extra `ocr`). A page of a PDF that holds its text itself isn't read but
taken, and so are the values of its fields and the remarks over it. Measured by `python -m benchmarks.reading`; see
benchmarks/README.md.
"""

import io
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from xinfang.attachments import stores
from xinfang.attachments.actions import chunks
from xinfang.attachments.actions import ocr_jobs as queue
from xinfang.attachments.models import OcrJob
from xinfang.attachments.page_images import RenderingFailed, render_page_image
from xinfang.core.background import start_command
from xinfang.procedure.errors import XinfangError
from xinfang.vault.sm_ciphers import VaultError

NOT_INSTALLED = "这台服务器没有安装文字识别程序。请系统管理员安装 xinfang[ocr]，或设置 XINFANG_OCR=off。"
PAGE_IMAGE_PIXELS = 2200
"""Pixels of a page's longer side: A4 at some 190 dots an inch, enough for the smallest print of a letter."""
MAX_PAGES = 100
"""Of one file: more is a book, and would keep the letters of others waiting."""
_ENOUGH_TEXT = 20
"""Characters from which a PDF page is taken to hold its text itself; less may be a stamp over a scan."""
_NICE = 19
_log = structlog.get_logger(__name__)


class OcrNotInstalled(XinfangError):
    """What reads scans isn't installed. Its text says what to do."""

    def __init__(self) -> None:
        super().__init__(NOT_INSTALLED)


@dataclass
class OcrReport:
    """How many files were read to the end, and how many can't be."""

    done: int = 0
    failed: int = 0


def run_ocr_worker(stop: threading.Event, *, once: bool, pause: float = 5) -> OcrReport:
    """Read what waits, and with `once` False go on waiting for more until `stop` is set.

    `pause` is in seconds, between two looks for more.
    """
    os.nice(_NICE)
    worker, read = secrets.token_hex(16), OcrReport()
    queue.queue_ocr_of_older()
    while not stop.is_set():
        reading = queue.claim_job(worker)
        if reading is not None:
            read_one_file(reading, stop, read)
        elif once:
            break
        else:
            stop.wait(pause)
    return read


def read_one_file(reading: OcrJob, stop: threading.Event, read: OcrReport) -> None:
    """Read one claimed file, page by page from where its last worker stopped."""
    try:
        _pages(reading, stop)
        if stop.is_set() and reading.page_done < reading.pages:
            queue.release_job(reading)
            return
        queue.finish_job(reading)
        read.done += 1
    except queue.OcrJobLost:
        _log.info("reading_lost", reading=reading.pk)
    except (RenderingFailed, OcrNotInstalled) as e:
        _failed(reading, str(e), read)
    except (OSError, VaultError, LookupError) as e:
        _log.error("scan_unreadable", reading=reading.pk, error=type(e).__name__)
        _failed(reading, "文件在服务器上读不出来。请告诉系统管理员。", read)


def _failed(reading: OcrJob, why: str, read: OcrReport) -> None:
    read.failed += 1
    try:
        queue.fail_job(reading, why)
    except queue.OcrJobLost:
        _log.info("reading_lost", reading=reading.pk)


def _pages(reading: OcrJob, stop: threading.Event) -> None:
    data, kind = _content(reading)
    texts = reading.texts()[: reading.page_done]
    pages = min(render_page_image(data, kind, 0, 1, low=True).pages, MAX_PAGES)
    if not pages:
        raise RenderingFailed
    queue.save_pages(reading, texts, pages)
    while len(texts) < pages and not stop.is_set():
        page = render_page_image(data, kind, len(texts) + 1, PAGE_IMAGE_PIXELS, low=True)
        own = page.text.strip().replace("\r\n", "\n")
        texts.append(joined_text(own if len(own) >= _ENOUGH_TEXT else recognise_text(page.jpeg), page.written))
        queue.save_pages(reading, texts, pages)


def joined_text(text: str, written: str) -> str:
    """Return the text of a page, and below it what was written into its fields and over it.

    What is there already isn't repeated.
    """
    there = "".join(text.split())
    return "\n".join(
        filter(None, (text, *(line for line in written.split("\n") if "".join(line.split()) not in there)))
    )


def _content(reading: OcrJob) -> tuple[bytes, str]:
    if reading.attachment is not None:
        return b"".join(stores.read_attachment(reading.attachment)), reading.attachment.kind
    assert reading.upload is not None
    return chunks.read_upload(reading.upload), reading.upload.kind


_engine: Callable[[Any], Any] | None = None


def recognise_text(jpeg: bytes) -> str:
    """Return the text of a picture, row by row as it is written there; an indented row begins with two wide blanks.

    Raises:
        OcrNotInstalled: the package that reads isn't installed.
    """
    global _engine
    if _engine is None:
        _engine = _start()
    import numpy
    from PIL import Image

    picture = numpy.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))[:, :, ::-1]
    found = _engine(picture)
    if found.boxes is None:
        return ""
    boxes = [_Box(points, text) for points, text in zip(found.boxes, found.txts, strict=True)]
    return "\n".join(_lines(boxes))


def _start() -> Callable[[Any], Any]:
    try:
        from rapidocr import RapidOCR
    except ImportError:
        raise OcrNotInstalled from None
    one_thread = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    params = {f"EngineConfig.onnxruntime.{name}": n for name, n in one_thread.items()}
    # Where lines are is seen in a smaller picture; what they say is read from the whole one. Halves the time.
    where = {"Det.limit_type": "max", "Det.limit_side_len": 1280}
    engine: Callable[[Any], Any] = RapidOCR(params={**params, **where, "Global.log_level": "critical"})
    return engine


class _Box:
    """A word or row of text and where it is, in pixels."""

    def __init__(self, points: Any, text: str) -> None:
        xs, ys = [float(p[0]) for p in points], [float(p[1]) for p in points]
        self.left, self.text = min(xs), text.strip()
        # Of a page that lies askew, the upright height and the middle of the left edge.
        self.height = max(1.0, abs(ys[3] - ys[0]))
        self.middle = (ys[0] + ys[3]) / 2
        slope = (ys[1] - ys[0]) / max(1.0, xs[1] - xs[0])
        self.level = self.middle - slope * xs[0]


def _lines(boxes: list[_Box]) -> Iterator[str]:
    """Yield the rows of text: boxes at one height are one row, from left to right."""
    boxes = sorted((b for b in boxes if b.text), key=lambda b: b.level)
    if not boxes:
        return
    rows: list[list[_Box]] = []
    for box in boxes:
        if rows and box.level - rows[-1][0].level < rows[-1][0].height * 0.5:
            rows[-1].append(box)
        else:
            rows.append([box])
    margin = sorted(min(b.left for b in row) for row in rows)[len(rows) // 4]
    for row in rows:
        row.sort(key=lambda b: b.left)
        indented = row[0].left - margin > row[0].height * 1.2
        yield ("　　" if indented else "") + " ".join(b.text for b in row)


def start_ocr_if_needed() -> bool:
    """Start a reader that ends by itself, where scans wait and no other reader shows signs of life, for the sweep.

    Returns whether one was started.
    """
    if not settings.OCR or not OcrJob.objects.filter(state=OcrJob.State.WAITING).exists():
        return False
    alive = timezone.now() - queue.SILENT
    if OcrJob.objects.filter(Q(state=OcrJob.State.RUNNING, started_at__gt=alive)).exists():
        return False
    start_command("read-scans", "--once")
    return True
