"""Sending inputs and judging the answers. What was wrong is gathered, so that one run names every fault."""

import json
import os
import re
import sys
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.test import Client

from tests.fuzz import nasty

MANY = int(os.environ.get("XINFANG_TEST_FUZZ") or os.environ.get("FUZZ") or 0)
SEED = int(os.environ.get("XINFANG_TEST_FUZZ_SEED") or 20261122)


def so_many(usually: int, share: float) -> int:
    """How many inputs: `usually` in the ordinary run, this share of XINFANG_TEST_FUZZ where it is set."""
    return int(MANY * share) if MANY else usually


_CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
_ALLOWED = {200, 204, 302, 400, 403, 404, 413, 422, 429}
_UNKNOWN_METHOD = {400, 403, 404, 405, 429}


@dataclass
class Tally:
    """What was sent and what came back, by form."""

    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    faults: dict[str, str] = field(default_factory=dict)
    raised: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        got_request_exception.connect(self._note, weak=False, dispatch_uid=id(self))

    def _note(self, **_: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self.raised.append(error)

    def judge(self, name: str, answer: Any, what: str, *, known: bool = True) -> None:
        """Count the answer; one that may not be is a fault, the first of its kind kept with its input.

        Not `known` says that the address has no such method: it is refused, and that alone may answer with 405, which
        no page of the desk leads to and which names the methods that there are.
        """
        status = answer.status_code
        self.answers[name][status] += 1
        if status == 500 or self.raised:
            error = self.raised[-1] if self.raised else None
            frames = traceback.extract_tb(error.__traceback__) if error else []
            ours = [f for f in frames if "/xinfang/" in f.filename] or frames
            place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
            self.fault(f"{type(error).__name__} at {place}", f"{name}: {what}\n    {error!r:.300}")
            self.raised.clear()
        elif status not in (_ALLOWED if known else _UNKNOWN_METHOD):
            self.fault(f"status {status} of {name}", what)
        elif status == 405:
            if not answer.headers.get("Allow"):
                self.fault(f"405 of {name} names no method", what)
        elif status >= 400 and not _CHINESE.search(_words(answer)):
            self.fault(f"no Chinese page with {status} of {name}", what)

    def fault(self, kind: str, what: str) -> None:
        self.faults.setdefault(kind, what)

    def done(self, title: str) -> None:
        """Print the counts; fail with every fault."""
        got_request_exception.disconnect(dispatch_uid=id(self))
        total = sum(sum(c.values()) for c in self.answers.values())
        print(f"\n{title}: {total} inputs (seed {SEED})")
        for name, counts in sorted(self.answers.items()):
            print(f"  {name:32} {sum(counts.values()):6}  " + "  ".join(f"{s}: {n}" for s, n in sorted(counts.items())))
        if self.faults:
            pytest.fail(f"{len(self.faults)} faults\n" + "\n".join(f"{k}\n  {v}" for k, v in self.faults.items()))


def _words(answer: Any) -> str:
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        return json.dumps(json.loads(answer.content), ensure_ascii=False)
    return str(answer.content.decode("utf-8", "replace"))


def post(client: Client, path: str, fields: nasty.Fields, draw: Random) -> tuple[Any, str]:
    """Send a form in one of the ways in which it may come; returns the answer and what was sent, in short."""
    kind = draw.random()
    if kind < 0.80:
        body, type_ = nasty.urlencoded(fields, draw), "application/x-www-form-urlencoded"
    elif kind < 0.90:
        body, type_ = nasty.multipart(fields), f"multipart/form-data; boundary={nasty.BOUNDARY.decode()}"
        if draw.random() < 0.5:
            body = nasty.spoiled(body, draw)
    elif kind < 0.96:
        body = draw.choice((nasty.urlencoded(fields), nasty.multipart(fields), draw.choice(nasty.JSON)))
        type_ = draw.choice(nasty.TYPES)
    else:
        body, type_ = nasty.spoiled(nasty.urlencoded(fields), draw), "application/x-www-form-urlencoded"
    extra = {"HTTP_HX_REQUEST": "true"} if draw.random() < 0.05 else {}
    answer = client.generic("POST", path, body, content_type=type_, **extra)
    return answer, f"POST {path} [{type_[:80]}] {body[:1500]!r}{'…' if len(body) > 1500 else ''}"
