"""What narrows the auditor's logs, read in one way by their pages and their exports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xinfang.accounts.queries.staff import staff_names
from xinfang.cases.queries.logs import petition_key
from xinfang.web.form_types import Field
from xinfang.web.list_pages import choice_from, day_from

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff


@dataclass(frozen=True)
class LogFilter:
    """What an auditor looks for. `given` is the same as texts, without what can't be."""

    petition: int | None
    since: date | None
    until: date | None
    person: "Staff | None"
    what: str
    given: dict[str, str]
    people: "list[Staff]"

    @property
    def words(self) -> list[str]:
        """What narrows the log, for people."""
        labels = {"number": "编号", "since": "自", "until": "至"}
        found = [f"{labels[k]}{'：' if k == 'number' else ' '}{v}" for k, v in self.given.items() if v and k in labels]
        return [*found, *([f"人员：{self.person.name}"] if self.person else [])]


def read_log_filter(
    asked: Mapping[str, str], notes: list[str], kinds: Mapping[str, str] | None = None, *, who: str = "人员"
) -> LogFilter:
    """Return what an address asks of a log; what can't be asked is said in `notes` and left out (at most 2 queries)."""
    people = staff_names()
    by_username = {s.username: s for s in people}
    name = choice_from(asked.get("who", "").strip()[:150], who, by_username, notes)
    what = choice_from(asked.get("what", "").strip()[:20], "方式", kinds or {}, notes)
    since, until = (day_from(asked.get(k, "")[:20], label, notes) for k, label in (("since", "自"), ("until", "至")))
    if since and until and since > until:
        notes.append("“自”晚于“至”，没有记录能同时符合。")
    number = asked.get("number", "").strip().upper()[:20]
    petition = petition_key(number) if number else None
    if number and petition is None:
        notes.append("没有这个编号，已显示全部。")
        number = ""
    given = {
        "number": number,
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "what": what,
        "who": name,
    }
    return LogFilter(petition, since, until, by_username.get(name), what, given, people)


def number_field(read: LogFilter) -> Field:
    """Return the field for the number of a case."""
    value = read.given["number"]
    return {"name": "number", "label": "编号", "widget": "line", "value": value, "attrs": {"maxlength": 20}}


def day_fields(read: LogFilter) -> list[Field]:
    """Return the fields for the days."""
    return [
        {"name": name, "label": label, "widget": "date", "value": read.given[name]}
        for name, label in (("since", "自"), ("until", "至"))
    ]


def select_field(name: str, label: str, everything: str, chosen: str, choices: Mapping[str, str]) -> Field:
    """Return a field in which one of these is chosen, or all."""
    options = [("", everything, not chosen), *((value, words, value == chosen) for value, words in choices.items())]
    return {"name": name, "label": label, "widget": "select", "choices": options}


def person_field(read: LogFilter, label: str) -> Field:
    """Return the field for a person."""
    return select_field("who", label, "所有人", read.given["who"], {s.username: s.name for s in read.people})
