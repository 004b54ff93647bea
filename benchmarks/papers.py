"""How long a paper takes to set.

The first of a process, which finds the fonts, those after it, and many in one batch.
"""

import re
import time
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.test import Client
from django.urls import reverse

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition
from xinfang.papers.actions import paper_texts
from xinfang.papers.content import Heading, PaperContent, PaperForm, PaperTable, Paragraph, TableCell
from xinfang.papers.models import Paper
from xinfang.papers.ofd import pdf_as_ofd
from xinfang.papers.pdf import render_pdf
from xinfang.papers.word import render_docx
from xinfang.procedure.steps.papers import SignPaper
from xinfang.procedure.words import PaperKind, PaperStage, State

from .measure import percentile, timed
from .pages import Desk

_FOUND = "经核对原始凭证和设备台账，并听取有关人员说明，样本项目第{}批设备的购置、验收与入账相符，未发现不一致之处。"


def reply(which: int) -> PaperContent:
    """Return an invented reply of about three pages, with a table; each differs from the others."""
    rows = tuple((TableCell(f"第{i}批"), TableCell(f"{which + i}"), TableCell("已入账")) for i in range(1, 9))
    head = (TableCell("批次", label=True), TableCell("金额（万元）", label=True), TableCell("情况", label=True))
    return PaperContent(
        kind=PaperKind.REPLY_OPINION,
        form=PaperForm.LETTER,
        title="关于样本项目经费使用问题的信访事项处理意见书",
        department="某自治区科学技术厅",
        number=f"某科信答〔2026〕{which}号",
        addressee=f"样本{which}",
        blocks=(
            Heading(1, "信访请求"),
            Paragraph(_FOUND.format(which) * 2),
            Heading(1, "查明的事实"),
            *(Paragraph(_FOUND.format(f"{which}—{i}") * 3) for i in range(6)),
            PaperTable(3, (head, *rows), head=1),
            Heading(1, "处理意见"),
            Paragraph(_FOUND.format(which) * 2),
        ),
        attachments=("材料清单",),
        signer="某自治区科学技术厅",
        day=date(2026, 11, 2),
        sealed=True,
    )


def paper_times(count: int) -> dict[str, Any]:
    """Return milliseconds of the first reply, then of this many others, alone, with their Word file, and with OFD too.

    And seconds of a batch of as many notices.
    """
    first, _ = timed(lambda: render_pdf(reply(0)))
    warm = [timed(partial(render_pdf, reply(which)))[0] * 1000 for which in range(1, count + 1)]
    long = replace(reply(0), blocks=tuple(Paragraph(_FOUND.format(i) * 3) for i in range(300)))
    render_docx(reply(0))
    # Others than those above, which the compiler remembers.
    both_cpu = time.process_time()
    pairs = [timed(partial(_both, reply(count + which))) for which in range(1, count + 1)]
    both_cpu = time.process_time() - both_cpu
    both = [took * 1000 for took, _ in pairs]
    pdf_as_ofd(pairs[0][1])
    three = [took + timed(partial(pdf_as_ofd, pdf))[0] * 1000 for took, (_, pdf) in zip(both, pairs, strict=True)]
    return {
        "cold_ms": first * 1000,
        "p50_ms": percentile(warm, 50),
        "p95_ms": percentile(warm, 95),
        "long_ms": timed(lambda: render_pdf(long))[0] * 1000,
        "both_p50_ms": percentile(both, 50),
        "both_p95_ms": percentile(both, 95),
        "both_cpu_ms": both_cpu * 1000 / count,
        "three_p50_ms": percentile(three, 50),
        "three_p95_ms": percentile(three, 95),
        "three_to_both": percentile(three, 50) / percentile(both, 50),
        **batch_times(count),
    }


def _both(content: PaperContent) -> bytes:
    pdf = render_pdf(content)
    render_docx(content)
    return pdf


def batch_times(count: int) -> dict[str, Any]:
    """Issue this many signed notices of as many cases, from the desk's page as a browser does it: answer by answer.

    Raises:
        RuntimeError: an answer of the batch got no further, or notices were left out.
    """
    ids = [_signed_notice(number).pk for number in _cases(count)]
    client = Desk(lambda *_: None, "clerk1").client
    answers: list[float] = []
    began, used = time.perf_counter(), time.process_time()
    page = _answer(client, {"do": ["issue"], "key": [f"{time.time_ns():032d}"], "paper": list(map(str, ids))})
    while (ready := _READY.search(page)) is not None:
        took, page = timed(partial(_answer, client, _sent_next(page), HX_REQUEST="true"))
        answers.append(took)
        now = _READY.search(page)
        if now is not None and int(now[1]) <= int(ready[1]):
            raise RuntimeError("an answer of the batch got no further")
    seconds, used = time.perf_counter() - began, time.process_time() - used
    issued = Paper.objects.filter(pk__in=ids, stage=PaperStage.ISSUED.value).exclude(number=None).count()
    if issued < len(ids):
        raise RuntimeError(f"{len(ids) - issued} of {len(ids)} notices were not issued")
    return {
        "batch": len(ids),
        "batch_s": seconds,
        "batch_cpu_s": used,
        "batch_per_second": len(ids) / seconds,
        "batch_answers": len(answers),
        "batch_longest_s": max(answers),
    }


_READY = re.compile(r"已办 (\d+) 份，共 \d+ 份")
_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')


def _answer(client: Client, form: dict[str, list[str]], **headers: str) -> str:
    answer = client.post(
        reverse("papers-batch"), form, HTTP_HOST="127.0.0.1", **{f"HTTP_{k}": v for k, v in headers.items()}
    )
    if answer.status_code != 200:
        raise RuntimeError(f"the batch answered {answer.status_code}")
    return answer.content.decode()


def _sent_next(page: str) -> dict[str, list[str]]:
    """Return the hidden fields that the page sends by itself."""
    found: dict[str, list[str]] = {}
    for name, value in _HIDDEN.findall(page[page.index("hx-post") : page.index("继续</button>")]):
        found.setdefault(name, []).append(value)
    return found


def _cases(count: int) -> list[str]:
    """Return this many cases that are handled; of a tiny population all it has."""
    handled = Petition.objects.filter(state=State.HANDLING.value, sealed=False).order_by("id")
    return list(handled.values_list("number", flat=True)[:count])


def _signed_notice(number: str) -> Paper:
    """Make a notice of what is to be supplemented, submitted by the office and signed by its head."""
    clerk, head = (actor_of(Staff.objects.get(username=name)) for name in ("clerk1", "office_head"))
    paper = paper_texts.make_paper(number, PaperKind.SUPPLEMENT_NOTICE, by=clerk)
    text = re.sub("【待填[^】]*】", "样本", paper_texts.current_text(paper).text)
    staff = Staff.objects.get(username="clerk1")
    paper = paper_texts.save_paper_text(number, paper.place, text, by=clerk, staff=staff, revision=paper.revision)
    paper_texts.submit_paper(number, paper.place, by=clerk, revision=paper.revision)
    perform(SignPaper(paper=paper.place), number, by=head)
    return paper
