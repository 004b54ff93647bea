"""What is never built (docs/security.md lists it): no score, label or list of persons, no gate that isn't in the law.

Looked for where it would have to appear: columns of tables, questions of steps, words that are chosen from, settings,
templates and scripts. Documents may forbid a thing by its name.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from xinfang.accounts.models import Staff
from xinfang.procedure import people_words, personnel_words, words
from xinfang.procedure.personnel_decisions import RecordedDecision
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.words import State, Word

ROOT = Path(__file__).resolve().parents[2] / "xinfang"

NEVER_SAID = (
    "风险等级", "风险评估等级", "重点人员", "重点人群", "稳控", "黑名单", "缠访", "闹访", "非访", "扬言", "失联", "维稳", "人脸识别",
    "行踪", "轨迹", "前科", "征信", "越级上访人员", "老户", "上访专业户", "化解率", "息访率", "满意率", "非正常上访", "信用等级",
    "诚信等级", "精神病", "重复上访排名", "红橙黄",
)  # fmt: skip
"""Labels of persons, and figures that put pressure on them."""
FORBID = ("procedure/readings_house.py", "procedure/not_asked.py")
"""Texts of the print that say what isn't done, and quote the word of a text that isn't followed."""
NEVER_NAMED = re.compile(
    r"(?:^|_)(?:risk|danger|threat|score|rank(?:ing)?|watch_?list|black_?list|stab(?:ility|le)|extrem\w*|"
    r"trouble\w*|nuisance|"
    r"vexatious|habitual|credit|criminal|police|location|itinerary|gps|latitude|longitude|face|fingerprint|"
    r"wechat|employer|"
    r"relatives?|religion|ethnic\w*|nationality|politic\w*|party_member|predict\w*|probability|kpi|bonus)(?:_|$)"
)
"""Names of columns and fields by which the same would come in English."""
PERSON_COLUMNS = {
    "id", "petition", "place", "name", "kind", "role", "phone", "address", "id_number", "foreign", "language",
    "translate",
}  # fmt: skip
"""Plain or sealed, this is all that is kept about a petitioner: who it is, how to reach them, in which language."""
PERSON_ASKED = {"name", "kind", "role", "phone", "address", "id_number", "foreign", "language", "translate"}


def wrong_columns(name: str, columns: Iterable[str]) -> list[str]:
    return [f"{name}.{c}" for c in columns if NEVER_NAMED.search(c)]


def beyond(columns: Iterable[str], allowed: set[str]) -> set[str]:
    """What of a person isn't on the list; the forms in which the vault keeps a column count as the column."""
    return {c for c in columns if re.sub(r"_(?:sealed|mark|id)$", "", c) not in allowed and c not in allowed}


def said_in(text: str) -> list[str]:
    return [word for word in NEVER_SAID if word in text]


def ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("xinfang.")]


def every_word() -> Iterable[tuple[str, str]]:
    for kind in (v for module in (words, people_words, personnel_words) for v in vars(module).values()):
        if isinstance(kind, type) and issubclass(kind, Word) and kind is not Word:
            yield from ((f"{kind.__name__}.{w.name}", w.label) for w in kind)


def test_no_column_scores_or_labels_anybody() -> None:
    wrong = [w for m in ours() for w in wrong_columns(m.__name__, (f.name for f in m._meta.get_fields()))]
    assert not wrong, f"Never built (docs/security.md): {wrong}"
    labels = [str(f.verbose_name) for m in ours() for f in m._meta.concrete_fields]
    labels += [str(label) for m in ours() for f in m._meta.concrete_fields for _, label in f.flatchoices]
    assert not said_in("\n".join(labels))


KEPT_OF_A_PERSON_BY_THE_VAULT = {"wrapped_key", "key_version", "sealed", "personal", "erased_at", "surname"}


def test_of_a_petitioner_only_what_the_procedure_needs_is_kept() -> None:
    petitioner = apps.get_model("cases", "Petitioner")
    more = beyond((f.name for f in petitioner._meta.concrete_fields), PERSON_COLUMNS | KEPT_OF_A_PERSON_BY_THE_VAULT)
    assert not more, (
        f"PIPL 6: strictly what is needed. If the procedure really needs {more}, argue for it in this list."
    )
    persons = next(s for s in step_schema(Register) if s.name == "persons")
    assert {s.name for s in step_schema(persons.item)} <= PERSON_ASKED
    tied = {f.name for f in petitioner._meta.get_fields() if f.auto_created and not f.concrete}
    assert not tied, f"nothing else hangs on a person: {tied}"


def test_no_table_is_about_persons_outside_their_case() -> None:
    """A person exists as part of one petition and nowhere else: there is no table from which to list or rank people."""
    about = {m.__name__ for m in ours() if any(f.name in ("id_number", "phone") for f in m._meta.get_fields())}
    assert about <= {"Petitioner"}, about
    petition = apps.get_model("cases", "Petitioner")._meta.get_field("petition")
    assert petition.many_to_one and not petition.null


def test_no_step_asks_for_it_and_no_word_says_it() -> None:
    assert not [w for code, step in STEPS.items() for w in wrong_columns(code, (s.name for s in step_schema(step)))]
    said = [f"{step.rule.label} {s.label} {s.help}" for step in STEPS.values() for s in step_schema(step)]
    said += [f"{name} {label}" for name, label in every_word()]
    assert len(said) > 200
    assert not said_in("\n".join(said))


def test_nothing_is_a_gate_that_the_law_does_not_have() -> None:
    person = next(s for s in step_schema(Register) if s.name == "persons").item
    assert not next(s for s in step_schema(person) if s.name == "id_number").required, "an ID number is never required"
    pledge = [s for step in STEPS.values() for s in step_schema(step) if "承诺书" in s.label]
    assert not [s for s in pledge if s.required or s.default], "a pledge is never asked for, nor a gate"


def test_no_rating_is_given_for_the_petitioner() -> None:
    """No default satisfaction; nobody but the petitioner rates, and what is on paper rests on the sheet they signed."""
    rate = STEPS[StepCode.RATE]
    assert {w.code for w in rate.rule.who} == {"the_petitioner", "the_office", "reception"}
    assert rate.proof and {"the_sheet_that_they_signed_is_attached", "nobody_rates_their_own_work"} <= {
        c.code for c in rate.rule.provided
    }
    each = next(s for s in step_schema(rate) if s.name == "requests").item
    assert all(
        s.default is None or (s.many and not s.default)
        for s in (*step_schema(rate), *step_schema(each))
        if s.kind in ("word", "number")
    )
    assert not [s for s in STEPS if re.search(r"(?:edit|change|delete|remove)_rat", s)]


def test_no_setting_template_or_script_speaks_of_it() -> None:
    # The lockout's own settings speak of machines' addresses.
    own = [s for s in dir(settings) if s.isupper() and not s.startswith("AXES_")]
    assert not [s for s in own if NEVER_NAMED.search(s.lower())]
    files = [p for ext in ("html", "js", "css", "toml", "py", "txt") for p in ROOT.rglob(f"*.{ext}")]
    assert len(files) > 100
    files = [p for p in files if str(p.relative_to(ROOT)) not in FORBID]
    wrong = [f"{p.relative_to(ROOT)}: {said_in(p.read_text())}" for p in files if said_in(p.read_text())]
    assert not wrong, f"Never built (docs/security.md): {wrong}"


def test_nothing_deletes_a_case_before_its_retention_ends_and_two_persons_agree() -> None:
    deletes = [code for code in STEPS if re.search(r"(?:^|_)(?:delete|destroy|purge|hide)(?:_|$)", code)]
    assert deletes == [StepCode.DESTROY]
    rule = STEPS[StepCode.DESTROY].rule
    assert rule.when == (State.ARCHIVED,) and rule.then
    assert {"the_period_has_ended", "a_reason_is_given"} <= {c.code for c in rule.provided}


@pytest.mark.parametrize(
    "column", ["risk_level", "score", "watchlist", "stability_state", "face_id", "predicted_repeat", "rank"]
)
def test_this_test_would_see_it(column: str) -> None:
    """A column that somebody adds tomorrow is found, by its name and because it isn't on the list."""
    assert wrong_columns("Petitioner", [column])
    assert beyond([column], PERSON_COLUMNS) == {column}


def test_this_test_would_see_a_label() -> None:
    assert said_in("<option>缠访人员</option>") == ["缠访"]
    assert not said_in("告知信访人，重复件已并入首件")
    assert beyond(["phone_sealed", "phone_mark", "petition_id"], PERSON_COLUMNS) == set()


def test_a_real_model_with_such_a_column_is_found() -> None:
    class Petitioner(models.Model):
        name = models.CharField(max_length=10)
        risk_level = models.CharField(max_length=10)

        class Meta:
            app_label = "never_built"
            managed = False

    try:
        columns = [f.name for f in Petitioner._meta.concrete_fields]
        assert wrong_columns("Petitioner", columns) == ["Petitioner.risk_level"]
    finally:
        apps.all_models.pop("never_built", None)
        apps.clear_cache()


# ---- decisions about units and staff (H19, H20): records of what people decided, never a ranking, a count or a target

DECISION_COLUMNS = {
    "Decision": {
        "id", "number", "decided_on", "concerns", "corrects", "by", "at", "sealed", "file_address", "file_digest",
        "file_size",
        "key",
    },
    "DecisionAnswer": {"id", "decision", "agree", "sealed", "by", "at"},
    "DecisionKey": {"decision", "wrapped_key"},
}  # fmt: skip
"""All that is kept beside the encrypted content. A new column has to be argued for here."""
DECISION_ASKED = {
    "kind", "unit", "person", "ground", "basis", "body", "decided_on", "document_number", "outcome", "text", "about",
    "corrects", "reason",
}  # fmt: skip
COUNTING = re.compile(
    r"\b(?:annotate|aggregate|Count|Sum|Avg|Rank|Counter|groupby|count_text|counted)\(|\.count\(|GROUP BY", re.I
)
"""What makes a number of several records."""


def beyond_decision(model: str, columns: Iterable[str]) -> set[str]:
    return set(columns) - DECISION_COLUMNS[model]


def test_a_decision_keeps_nothing_from_which_people_could_be_ranked() -> None:
    for name in DECISION_COLUMNS:
        model = apps.get_model("personnel_decisions", name)
        more = beyond_decision(name, (f.name for f in model._meta.concrete_fields))
        assert not more, f"Never built: {name}.{more}"
        to_staff = [f for f in model._meta.concrete_fields if f.related_model is Staff]
        assert {f.name for f in to_staff} <= {"by"}, "whom it concerns is encrypted, and no column tells"
        assert all(f.remote_field.related_name == "+" for f in to_staff), "nobody's records hang on the person"
    assert {s.name for s in step_schema(RecordedDecision)} <= DECISION_ASKED
    assert not [s.name for s in step_schema(RecordedDecision) if s.kind == "number"], "no points, amounts or targets"


DECIDING = (ROOT / "procedure/personnel_decisions.py", ROOT / "procedure/steps/commendation.py")


def test_nothing_counts_decisions() -> None:
    touching = [
        p for p in ROOT.rglob("*.py")
        if p in DECIDING or (p.is_relative_to(ROOT / "personnel_decisions") and "migrations" not in p.parts)
        or re.search(r"\bDecision(?:Answer)?\.objects", p.read_text())
    ]  # fmt: skip
    assert len(touching) >= 8 and set(DECIDING) <= set(touching)
    wrong = {str(p.relative_to(ROOT)): found for p in touching if (found := COUNTING.findall(p.read_text()))}
    assert not wrong, f"No total of decisions, least of all a person's: {wrong}"
    figures = list((ROOT / "figures").rglob("*.py"))
    assert len(figures) >= 8
    knowing = [p for p in figures if re.search(r"\bDecision|rewards|personnel_decisions", p.read_text())]
    assert not knowing, "the figures of the department know nothing of decisions about people"


@pytest.mark.parametrize(
    "column", ["staff", "person", "points", "total", "score", "satisfaction_target", "repeat_petitions"]
)
def test_this_test_would_see_a_column_of_a_decision(column: str) -> None:
    assert beyond_decision("Decision", ["number", column]) == {column}


@pytest.mark.parametrize(
    "code", ["Decision.objects.values('concerns').annotate(n=Count('pk'))", "seen_by(a).count()", "Counter(rows)"]
)
def test_this_test_would_see_a_count(code: str) -> None:
    assert COUNTING.search(code)
