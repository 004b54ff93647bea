"""`python -m benchmarks.reading`: how well and how fast scans are read, and what it costs people who work meanwhile.

Letters are drawn with the fonts of this machine, laid askew by two degrees and strewn with noise, attached to petitions
and read by `xinfang read-scans` beside `xinfang serve`. The exit code is 1 where a target is missed.
"""

import argparse
import io
import os
import random
import resource
import subprocess
import sys
import time
import unicodedata
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.urls import reverse

from .apart import own_installation, print_figures, print_missed
from .measure import peak_mb

HERE = Path(__file__).resolve().parent.parent
FONTS = {
    "print": "opentype/noto/NotoSerifCJK-Regular.ttc",
    "bold print": "opentype/noto/NotoSansCJK-Bold.ttc",
    "handwriting": "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
}
"""Below /usr/share/fonts; one that isn't there is left out."""
ASKEW = 2.0
ERRORS_AT_MOST = {"print": 0.01, "bold print": 0.01, "handwriting": 0.05}
SLOWER_AT_MOST = 2.5
"""p95 of pages while scans are read, as a multiple of p95 without.

With two processors one is taken, at the lowest priority.
"""


def main(argv: list[str] | None = None) -> int:
    """Measure the reader in a folder of its own and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--pages", type=int, default=6, help="letters of each font")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args(argv)
    with own_installation(XINFANG_OCR="on"):
        found = measure(options.pages)
    found["load"] = os.getloadavg()[0]
    print_figures(found, 4, options.json)
    missed = [f for f in found["errors"] if found["errors"][f] > ERRORS_AT_MOST[f]]
    missed += ["p95 of pages"] if found["slower"] > SLOWER_AT_MOST else []
    print_missed(missed)
    return 1 if missed or found["failed"] else 0


def measure(each: int) -> dict[str, Any]:
    """Measure everything: errors by font, seconds a page, memory, and the server's pages with and without reading."""
    from django.core.management import call_command

    from xinfang.attachments.models import OcrJob
    from xinfang.cases.models import Petition
    from xinfang.core.clock import today

    from . import department, pages, population
    from .measure import percentile
    from .server import running_server

    call_command("migrate", verbosity=0)
    from xinfang.core import installation

    installation.record_installation()
    department.make_department()
    population.build(100, today(), say=_say)
    numbers = list(
        Petition.objects.filter(sealed=False).exclude(state="archived").values_list("number", flat=True)[:200]
    )
    desk = pages.Desk(lambda *_: None, "clerk1")
    addresses = [
        reverse("inbox"),
        reverse("petitions"),
        reverse("boards"),
        *(reverse("petition", args=[n]) for n in numbers[:20]),
    ]
    with running_server() as (port, _):
        request_pages(port, desk.cookie, addresses, seconds=3)  # what a server does once
        alone = request_pages(port, desk.cookie, addresses, seconds=20)
        truth = _attach_letters(numbers, each)
        _say(f"{len(truth)} letters")
        worker = subprocess.Popen(
            [str(Path(sys.executable).with_name("xinfang")), "read-scans", "--once", "--json"],
            stdout=subprocess.PIPE,
            env=os.environ,
        )
        peak, meanwhile, began, before = 0.0, list[float](), time.monotonic(), _cpu_of_children()
        while worker.poll() is None:
            meanwhile += request_pages(port, desk.cookie, addresses, seconds=1)
            peak = max(peak, peak_mb(worker.pid))
        seconds, cpu = time.monotonic() - began, _cpu_of_children() - before
    wrong: dict[str, list[float]] = {}
    rows = OcrJob.objects.select_related("attachment")
    for row in rows.filter(state=OcrJob.State.DONE):
        font, text = truth[row.attachment_id]
        wrong.setdefault(font, []).append(error_rate(text, "".join(row.texts())))
    return {
        "letters": len(truth),
        "failed": rows.exclude(state=OcrJob.State.DONE).count(),
        "errors": {font: sum(rates) / len(rates) for font, rates in wrong.items()},
        "seconds_a_page": seconds / max(1, len(truth)),
        "cpu_seconds_a_page": cpu / max(1, len(truth)),
        "peak_mb": peak,
        "p95_ms_alone": percentile(alone, 95) * 1000,
        "p95_ms_meanwhile": percentile(meanwhile, 95) * 1000,
        "slower": percentile(meanwhile, 95) / percentile(alone, 95),
        "pages_alone": len(alone),
        "pages_meanwhile": len(meanwhile),
    }


def request_pages(port: int, cookie: str, addresses: list[str], *, seconds: float) -> list[float]:
    """Return the times of pages, asked for one after another for this number of seconds.

    Raises:
        RuntimeError: a page isn't answered with 200, which ends the benchmark.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    times, until = list[float](), time.monotonic() + seconds
    while time.monotonic() < until:
        address = addresses[len(times) % len(addresses)]
        began = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
    connection.close()
    return times


def _attach_letters(numbers: list[str], each: int) -> dict[int, tuple[str, str]]:
    """Attach letters of every font; return what is written in each, by attachment."""
    from xinfang.accounts.models import Staff
    from xinfang.accounts.queries.actors import actor_of
    from xinfang.attachments.actions.attach import attach
    from xinfang.procedure.rules import Refused
    from xinfang.procedure.words import Material

    staff = Staff.objects.get(username="clerk1")
    rng, free, truth = random.Random(11), iter(numbers), dict[int, tuple[str, str]]()
    for font, place in FONTS.items():
        if not (Path("/usr/share/fonts") / place).exists():
            continue
        for n in range(each):
            text = _text(rng)
            data = scan(text, Path("/usr/share/fonts") / place, rng.choice((-ASKEW, ASKEW)), seed=n)
            while True:
                try:
                    row = attach(next(free), data, f"{n}.jpg", what=Material.LETTER, by=actor_of(staff), staff=staff)
                    break
                except Refused:
                    continue  # a case that takes no attachments any more
            truth[row.pk] = font, text
    return truth


def _text(rng: random.Random) -> str:
    """Return an invented letter of some 350 characters, in rows of 28."""
    from .texts import letter

    first = letter(rng)
    lines, body = [first.subject], first.body
    while len("".join(lines)) < 350:
        paragraph = "　　" + body.replace("\n", "")
        lines += [paragraph[n : n + 28] for n in range(0, len(paragraph), 28)]
        body = letter(rng).body
    lines = lines[:24]
    digits = "".join(rng.choice("0123456789") for _ in range(8))
    return "\n".join([*lines, f"联系电话：150{digits}"])


def scan(text: str, font: Path, askew: float, *, seed: int) -> bytes:
    """Draw the letter on A4 at 200 dots an inch, 16 points large, askew, with noise, as JPEG."""
    import numpy
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    sheet = Image.new("L", (1654, 2339), 246)
    pen = ImageDraw.Draw(sheet)
    face = ImageFont.truetype(str(font), 44, index=2 if font.suffix == ".ttc" else 0)
    for n, line in enumerate(text.split("\n")):
        pen.text((190, 220 + 78 * n), line, font=face, fill=30)
    sheet = sheet.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=246).filter(ImageFilter.GaussianBlur(0.6))
    noise = numpy.random.default_rng(seed).normal(0, 9, (sheet.height, sheet.width))
    noisy = Image.fromarray(numpy.clip(numpy.asarray(sheet) + noise, 0, 255).astype("uint8"))
    target = io.BytesIO()
    noisy.save(target, "JPEG", quality=80)
    return target.getvalue()


def error_rate(truth: str, read: str) -> float:
    """Return the share of characters that must be changed, added or taken away; blanks and widths don't count."""
    one, other = _plain(truth), _plain(read)
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
        before = row
    return before[-1] / max(1, len(one))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _cpu_of_children() -> float:
    """Return seconds of processor time of processes that have ended, with what they started in turn.

    It doesn't depend on what else the machine does.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
