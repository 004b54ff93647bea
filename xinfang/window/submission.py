"""A submission on its way: as it was sent, before a case holds it. Kept as JSON where it waits or travels."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from xinfang.core.clock import today
from xinfang.petitioner_news.wishes import NO_WISHES, Wishes
from xinfang.procedure.people_words import Secrecy
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.words import Channel, Source

from .receipts import NotArrived

NUMBER_PREFIX = "CK"
"""Of what has no number of a case yet: CK, the day, eight digits."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came with a form."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody sent. `key` is that of their form: a secret that makes a form sent twice one."""

    answers: Mapping[str, Any]
    word: str
    wrongdoing: bool
    left_out: Sequence[NotArrived]
    key: str
    at: datetime
    """When it came in (aware): its day is the day of receipt."""
    wishes: Wishes = NO_WISHES
    """Where they wish to be told of news."""

    def registration(self) -> Register:
        """Return the step that registers it, received on the day on which it came in.

        Raises:
            InvalidAnswer: an answer can't be read; with the field.
        """
        return load_step(
            Register,
            {
                **self.answers,
                "channel": Channel.ONLINE.value,
                "source": Source.DIRECT.value,
                "received_on": today(self.at).isoformat(),
                "secrecy": Secrecy.NO.value,
            },
        )

    def dumped(self) -> str:
        """Return it as JSON."""
        return json.dumps(
            {
                **{name: getattr(self, name) for name in ("answers", "word", "wrongdoing", "key")},
                "left_out": [asdict(f) for f in self.left_out],
                "wishes": asdict(self.wishes),
                "at": self.at.isoformat(),
            },
            ensure_ascii=False,
        )


def load_submission(text: str) -> Submission:
    """Return the submission that `dumped` wrote.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    data = json.loads(text)
    left = [NotArrived(**f) for f in data.pop("left_out")]
    wishes = Wishes(**data.pop("wishes"))
    return replace(Submission(**data, left_out=left, wishes=wishes), at=datetime.fromisoformat(data["at"]))


def words_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the petitioner's own words of a submission, as the receipt repeats them."""
    return {name: answers.get(name) for name in ("subject", "body", "requests")}


def is_waiting_number(number: str) -> bool:
    """Tell whether this is the number of a submission that may have no case yet."""
    return number.startswith(NUMBER_PREFIX)


def waiting_number(at: datetime, digits: int) -> str:
    """Return the number of a submission: its day, and eight digits drawn or derived by the caller."""
    return f"{NUMBER_PREFIX}{today(at):%Y%m%d}{digits % 10**8:08d}"
