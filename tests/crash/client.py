"""Somebody at work while the server is killed.

Registers, takes steps and adds files through the real forms, on cases of their own.

They keep what they were told is done, and the one form that was under way when no answer came; that they send again.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.attachments import made
from tests.crash.browser import KEY, MULTIPART, TOKEN, URLENCODED, Answer, Browser, Cut, Down, told, with_files
from tests.fuzz.cases import sent
from tests.urls import url
from tests.world import HAPPY_PATH, LETTER
from xinfang.attachments.actions.chunks import CHUNK_BYTES
from xinfang.core.clock import today
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.vault.sm_ciphers import sm3

CLERK = "clerk"
_SERVED, _CLOSED = ([place for place, *_ in HAPPY_PATH].index(place) + 1 for place in ("served", "closed"))
PATH = [
    *HAPPY_PATH[:_SERVED],
    ("agreed", StepCode.SERVE, CLERK, {"agree": True}),
    *HAPPY_PATH[_SERVED:_CLOSED],
]
"""The steps that are taken: a service without its receipt needs another, and the archive would ask for the receipt."""
MADE_WITH = {
    StepCode.ACCEPT: (StepCode.MAKE_PAPER, StepCode.SUBMIT_PAPER),
    StepCode.ISSUE_REPLY: (StepCode.MAKE_PAPER, *[StepCode.ATTACH] * 3, StepCode.ISSUE_PAPER),
}
"""Of the path, what a step does to the paper that it owes the petitioner, in the same transaction."""


@dataclass(frozen=True)
class Mark:
    """What is known of an event: its step, the key of its form, the SM3 of its file.

    No key: it came in chunks, or with a step. No digest: the server made the file.
    """

    code: str
    key: str
    digest: str | None = ""


@dataclass
class Case:
    """A case of this client: the events it must have, in their order."""

    number: str
    events: list[Mark]
    steps: int = 0
    touched: int = 0
    """The round in which something was last sent for it."""


@dataclass(frozen=True)
class Form:
    """A form as it was filled in, and the events that it makes."""

    what: str
    by: str
    path: str
    fields: Mapping[str, Any]
    marks: tuple[Mark, ...]
    case: Case | None = None
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Sending:
    """Said before a form is sent: this many seconds the last one took to be answered."""

    seconds: float


@dataclass
class Client:
    """One who works. `tell` hears each thing that was acknowledged, and any fault."""

    port: int
    staff: Mapping[str, int]
    codes: Mapping[str, list[str]]
    chance: Random
    tell: SimpleQueue[Any] = field(default_factory=SimpleQueue)
    cases: list[Case] = field(default_factory=list)
    unfinished: Form | None = None
    last: Form | None = None
    counts: Counter[str] = field(default_factory=Counter)
    round: int = 0
    seconds: float = 0.05
    browsers: dict[str, Browser] = field(default_factory=dict)

    def work(self, place: int, database_stops: bool) -> None:
        """Go on until no answer comes."""
        self.round = place
        try:
            self._after_the_crash()
            while True:
                self._something()
        except Cut:
            pass
        except Down as e:
            if not database_stops:
                self.tell.put(e)
        except BaseException as e:
            self.tell.put(e)

    def _after_the_crash(self) -> None:
        """What wasn't answered is sent again, and now and then what was, as impatient people do; a file is opened."""
        if self.unfinished:
            self._deliver(self.unfinished)
            self.counts["sent again"] += 1
        if self.last and self.chance.random() < 0.5:
            self._send(self.last)
            self.counts["sent twice"] += 1
        kept = [
            (case, place, mark.digest)
            for case in self.cases
            for place, mark in enumerate((m for m in case.events if m.code == StepCode.ATTACH), 1)
            if mark.digest
        ]
        if kept and self.chance.random() < 0.5:
            case, place, digest = self.chance.choice(kept)
            answer = self._as(CLERK).ask("GET", url("file", case.number, place))
            assert answer.status == 200 and sm3(answer.content).hex() == digest, f"{case.number}: file {place}"
            self.counts["files opened"] += 1

    def _something(self) -> None:
        draw = self.chance.random()
        under_way = [c for c in self.cases if c.steps < len(PATH)]
        if draw < 0.03:
            self.browsers.pop(CLERK, None)
            self._as(CLERK)
        elif draw < 0.30 or not under_way:
            self._deliver(self._registration())
        elif draw < 0.36:
            self._deliver(self._large_file(self.chance.choice(self.cases)))
        elif draw < 0.55:
            self._deliver(self._files(self.chance.choice(under_way)))
        else:
            # Rather the last ones, so that some go all the way.
            self._deliver(self._step(self.chance.choice(under_way[:2] + under_way[-2:])))

    def _as(self, username: str) -> Browser:
        """This person's browser, signed in the first time. A session that was acknowledged outlives the crash."""
        if username not in self.browsers:
            browser = Browser(self.port, username, self.codes.get(username, []))
            browser.sign_in()
            self.browsers[username] = browser
            self.counts["sign-ins"] += 1
            self.tell.put("sign-in")
        return self.browsers[username]

    def _registration(self) -> Form:
        hidden = self._as(CLERK).form(url("register"), url("register"))
        answers = {**LETTER, "received_on": today()}
        fields = {**hidden, **sent(STEPS[StepCode.REGISTER], answers)}
        return Form(
            "registrations", CLERK, url("register"), fields, (Mark(StepCode.REGISTER, self._key(CLERK, hidden)),)
        )

    def _step(self, case: Case) -> Form:
        _, code, by, answers = PATH[case.steps]
        if code == StepCode.SERVE and answers != {"agree": True}:
            answers = {**answers, "served_on": today()}
        if code == StepCode.ISSUE_REPLY:
            answers = {**answers, "document_number": ""}  # the next of its series
        path = url("step", case.number, code)
        hidden = self._as(by).form(path, path)
        fields = {**hidden, **sent(SecondPerson if answers == {"agree": True} else STEPS[code], answers)}
        papers = (Mark(made, "", None if made == StepCode.ATTACH else "") for made in MADE_WITH.get(code, ()))
        return Form("steps", by, path, fields, (Mark(code, self._key(by, hidden)), *papers), case)

    def _files(self, case: Case) -> Form:
        path = url("files-add", case.number)
        hidden = self._as(CLERK).form(url("petition", case.number), path)
        key = self._key(CLERK, hidden)
        files = tuple(
            (f"照片{n + 1}.png", made.png(self.chance.randint(1, 400), self.chance.randint(1, 400)))
            for n in range(self.chance.randint(1, 2))
        )
        marks = tuple(Mark(StepCode.ATTACH, f"{key}.{n}", sm3(content).hex()) for n, (_, content) in enumerate(files))
        return Form("files", CLERK, path, {**hidden, "what": "evidence"}, marks, case, files)

    def _large_file(self, case: Case) -> Form:
        content = made.wav() + self.chance.randbytes(CHUNK_BYTES + 1000)
        path = url("file-pieces", case.number, f"{self.chance.getrandbits(128):032x}")
        self._as(CLERK)
        fields = {"name": "录音.wav", "size": str(len(content)), "what": "recording"}
        mark = Mark(StepCode.ATTACH, "", sm3(content).hex())
        return Form("files in pieces", CLERK, path, fields, (mark,), case, (("piece", content),))

    def _key(self, by: str, hidden: Mapping[str, str]) -> str:
        return f"{self.staff[by]}-{hidden[KEY]}"

    def _deliver(self, form: Form) -> None:
        """Send it and note what was acknowledged; without an answer it stays the unfinished one."""
        self.unfinished = form
        if form.case:
            form.case.touched = self.round
        self.tell.put(Sending(self.seconds))
        began = time.monotonic()
        number = self._send(form)
        self.seconds = time.monotonic() - began
        self.unfinished, self.last = None, form
        case = form.case
        if case is None:
            case = Case(number, [], touched=self.round)
            self.cases.append(case)
        assert case.number == number
        case.events += form.marks
        case.steps += form.what == "steps"
        self.counts[form.what] += 1
        self.tell.put(form.what)

    def _send(self, form: Form) -> str:
        """The number of the petition that the answer leads to."""
        browser = self._as(form.by)
        if form.what == "files in pieces":
            return self._in_pieces(browser, form)
        fields = {**form.fields, TOKEN: browser.token()}
        if form.files:
            answer = browser.ask("POST", form.path, with_files(fields, "files", form.files), MULTIPART)
        else:
            answer = browser.ask("POST", form.path, urlencode(fields, doseq=True).encode(), URLENCODED)
        parts = answer.location.split("/")
        assert answer.status == 302 and parts[1] == "petitions" and parts[2], self._said(form, answer)
        return parts[2]

    def _in_pieces(self, browser: Browser, form: Form) -> str:
        """As static/js/pieces.js does it: ask how much is there, go on from there, and the last chunk ends it."""
        ((_, content),) = form.files
        last = (len(content) - 1) // CHUNK_BYTES * CHUNK_BYTES
        state = told(browser.ask("GET", form.path))
        if state["received"] and "added" not in state:
            self.counts["gone on with"] += 1
        while "added" not in state:
            at = min(state["received"], last)
            fields = {**form.fields, TOKEN: browser.token(), "offset": str(at)}
            body = with_files(fields, "piece", [("piece", content[at : at + CHUNK_BYTES])])
            answer = browser.ask("POST", form.path, body, MULTIPART)
            assert answer.status in (200, 409), self._said(form, answer)
            state = told(answer)
        return form.path.split("/")[2]

    def _said(self, form: Form, answer: Answer) -> str:
        return f"{form.path} by {form.by}: {answer.status} {answer.location} {answer.text[:1500]}"
