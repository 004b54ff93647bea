"""How long a paper takes to set: the first of a process, which finds the fonts, and those after it."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from xinfang.documents.content import Cell, Content, Form, Heading, Para, Table
from xinfang.documents.pdf import render_pdf
from xinfang.procedure.words import PaperKind

from .measure import percentile, timed

_FOUND = "经核对原始凭证和设备台账，并听取有关人员说明，样本项目第{}批设备的购置、验收与入账相符，未发现不一致之处。"


def reply(which: int) -> Content:
    """An invented reply of about three pages, with a table; each differs from the others."""
    rows = tuple((Cell(f"第{i}批"), Cell(f"{which + i}"), Cell("已入账")) for i in range(1, 9))
    head = (Cell("批次", label=True), Cell("金额（万元）", label=True), Cell("情况", label=True))
    return Content(
        kind=PaperKind.REPLY_OPINION,
        form=Form.LETTER,
        title="关于样本项目经费使用问题的信访事项处理意见书",
        department="某自治区科学技术厅",
        number=f"某科信答〔2026〕{which}号",
        addressee=f"样本{which}",
        blocks=(
            Heading(1, "信访请求"),
            Para(_FOUND.format(which) * 2),
            Heading(1, "查明的事实"),
            *(Para(_FOUND.format(f"{which}—{i}") * 3) for i in range(6)),
            Table(3, (head, *rows), head=1),
            Heading(1, "处理意见"),
            Para(_FOUND.format(which) * 2),
        ),
        attachments=("材料清单",),
        signer="某自治区科学技术厅",
        day=date(2026, 11, 2),
        sealed=True,
    )


def paper_times(count: int) -> dict[str, Any]:
    """Milliseconds of the first reply, then of so many others."""
    first, _ = timed(lambda: render_pdf(reply(0)))
    warm = [timed(partial(render_pdf, reply(which)))[0] * 1000 for which in range(1, count + 1)]
    long = replace(reply(0), blocks=tuple(Para(_FOUND.format(i) * 3) for i in range(300)))
    return {
        "cold_ms": first * 1000,
        "p50_ms": percentile(warm, 50),
        "p95_ms": percentile(warm, 95),
        "long_ms": timed(lambda: render_pdf(long))[0] * 1000,
    }
