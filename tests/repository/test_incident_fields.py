"""The guard of the field list of urgent events.

Every field was looked at against what is never built, and none is about a visitor.

A person who adds a field fails here first, says in this list what it is for, and has it looked at by somebody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, make_dataclass
from types import SimpleNamespace

import pytest
from django.apps import apps

from tests.repository.test_never_built import NEVER_NAMED, said_in
from xinfang.procedure.facts import Facts, PersonFacts
from xinfang.procedure.incidents import facts, words
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.incidents.rules import IncidentStep
from xinfang.procedure.step_schema import step_field, step_schema
from xinfang.procedure.words import Word

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "Incident": {
        "id": "the row",
        "number": "which event",
        "kind": "what happened",
        "place": "where",
        "people": "how many visitors: a number",
        "opened_at": "when it was reported",
        "opened_by": "the member of staff who reported it",
        "by_duty_desk": "whether the property duty desk did: it sees only what it reported",
        "ended_at": "when it was over",
        "revision": "how many lines its log has",
        "next_look": "when the chain of reports is looked at again",
        "report_number": "the number of its written report",
        "key": "the form that began it, so that one sent twice begins one",
        "wrapped_key": "the key of its texts",
    },
    "IncidentFile": {
        "id": "the row",
        "incident": "which event",
        "place": "its number there",
        "what": "picture or report",
        "kind": "the type of the file",
        "size": "bytes",
        "digest": "the hash of the content",
        "address": "where the encrypted content lies",
        "wrapped_key": "the key of its content",
    },
}
TIED = {"units": "who of the staff was called", "petitions": "the matters registered there"}
ASKED: Mapping[str, Mapping[str, str]] = {
    "report": {
        "kind": "what happens",
        "place": "where",
        "people": "how many",
        "text": "what is seen, in words",
        "ground": "which of the law's two grounds for a report to the bureau",
        "review_rights_given": "that the visitor was told of their rights",
    },
    "called": {"number": "120 or 110"},
    "confirm": {},
    "told_by_phone": {"leader": "which leader was told"},
    "call_in": {"unit": "which unit is to come"},
    "set_out": {},
    "arrive": {},
    "note": {"text": "what is seen and done, in words"},
    "set_place": {"place": "where they are now"},
    "count_people": {"people": "how many there are now"},
    "choose_representatives": {"representatives": "how many speak for the others; who, stands in the petition"},
    "register_on_the_spot": {"number": "the petition"},
    "add_picture": {"digest": "the hash of the picture", "kind": "the type of the file"},
    "record_act": {
        "act": "which act of article 26, of an event and not of a person",
        "text": "the fact",
        "witness": "which member of staff saw it",
        "answer": "what the department did",
    },
    "instruct": {"text": "what the leader says"},
    "end": {"text": "how it ended", "why_not": "why somebody didn't come, or nobody called"},
    "draft_report": {"text": "the report"},
    "sign_report": {"agree": "signed or sent back", "opinion": "why"},
    "send_report": {"body": "to whom", "document_number": "its number", "digest": "the hash of the paper"},
    "remind": {"whom": "the office or the leaders", "minutes": "how long nobody confirmed", "times": "how often"},
    "tell_leaders": {"minutes": "how long the office didn't confirm"},
}
KNOWN = {
    "IncidentFacts": {
        "number", "kind", "place", "people", "opened_at", "opened_by", "by_duty_desk", "told", "present", "units",
        "calls",
        "representatives", "petitions", "pictures", "report_stage", "report_text", "report_number",
        "report_signer",
        "ended_at", "lines",
    },
    "ReportLink": {"role", "since", "why", "confirmed_at", "confirmed_by", "reminded", "reminded_at"},
    "Presence": {"person", "role", "coming_at", "there_at"},
    "LogEntry": {"seq", "code", "label", "at", "by", "role", "step", "seen_at"},
}  # fmt: skip
"""What rules may know of an event. `person`, `by` and `confirmed_by` are members of staff."""


def unreviewed(name: str, have: Iterable[str], reviewed: Iterable[str]) -> list[str]:
    """Fields that nobody looked at, and fields that by their name can't be: both stop the build."""
    found = [f"{name}.{f}: 没有经过审查" for f in have if f not in set(reviewed)]
    return found + [f"{name}.{f}: 不得设立" for f in have if NEVER_NAMED.search(f)]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_was_reviewed(name: str) -> None:
    model = apps.get_model("incidents", name)
    have = {f.name for f in model._meta.concrete_fields}
    assert not unreviewed(name, have, COLUMNS[name])
    assert have == set(COLUMNS[name]), "the list names a column that is gone"


def test_what_hangs_on_an_event_was_reviewed() -> None:
    tied = {f.name for f in apps.get_model("incidents", "Incident")._meta.many_to_many}
    assert tied == set(TIED)


def test_every_question_of_every_step_was_reviewed() -> None:
    assert set(INCIDENT_STEPS) == set(ASKED)
    for code, step in INCIDENT_STEPS.items():
        have = [s.name for s in step_schema(step)]
        assert not unreviewed(code, have, ASKED[code])
        assert have == list(ASKED[code])


@pytest.mark.parametrize("kind", [facts.IncidentFacts, facts.ReportLink, facts.Presence, facts.LogEntry])
def test_what_rules_may_know_was_reviewed(kind: type) -> None:
    have = {f.name for f in fields(kind)}
    assert not unreviewed(kind.__name__, have, KNOWN[kind.__name__])
    assert have == KNOWN[kind.__name__]


def test_no_word_labels_a_person() -> None:
    kinds = [k for k in vars(words).values() if isinstance(k, type) and issubclass(k, Word) and k is not Word]
    said = [f"{k.__name__} {w.label}" for k in kinds for w in k]
    said += [f"{s.rule.label} {q.label} {q.help}" for s in INCIDENT_STEPS.values() for q in step_schema(s)]
    assert len(said) > 40
    assert not said_in("\n".join(said))


def test_no_text_of_an_event_is_kept_in_the_open() -> None:
    """Whatever is written in words may name somebody.

    It is encrypted, and the auditors' log shows that it was given.
    """
    open_texts = [
        f"{c}.{s.name}"
        for c, step in INCIDENT_STEPS.items()
        for s in step_schema(step)
        if s.kind == "text" and not s.private
    ]
    assert open_texts == []


def test_an_event_never_follows_a_person_or_a_case() -> None:
    assert not [f.name for kind in (Facts, PersonFacts) for f in fields(kind) if "incident" in f.name]
    petitioner = apps.get_model("cases", "Petitioner")
    assert not [f.name for f in petitioner._meta.get_fields() if "incident" in f.name]


@pytest.mark.parametrize("added", ["risk_level", "watch_flag", "score", "mood", "repeat_visitor", "id_number", "face"])
def test_the_guard_fails_when_somebody_adds_a_field(added: str) -> None:
    """A person-level score, label or watch flag, by whatever name, as a column, a fact or a question."""
    model = apps.get_model("incidents", "Incident")
    columns = [*model._meta.concrete_fields, SimpleNamespace(name=added)]
    assert unreviewed("Incident", (f.name for f in columns), COLUMNS["Incident"])
    more_facts = make_dataclass("IncidentFacts", [(added, str, "")], bases=(facts.IncidentFacts,), frozen=True)
    assert unreviewed("IncidentFacts", (f.name for f in fields(more_facts)), KNOWN["IncidentFacts"])
    note = INCIDENT_STEPS["note"]
    more_asked: type[IncidentStep] = dataclass(frozen=True, kw_only=True)(
        type("Note", (note,), {"__annotations__": {added: str}, added: step_field("新增", default="")})
    )
    assert unreviewed("note", (s.name for s in step_schema(more_asked)), ASKED["note"])
