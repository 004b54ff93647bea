"""Whatever a person types into a step, no event holds it in plain; a person who sees the case reads it all the same."""

from collections.abc import Iterator

import pytest

from tests import postgres
from tests.cases.racing import environment, run
from tests.night import only_at_night
from xinfang.casework.views.step import STAFF_CAN_TAKE
from xinfang.procedure.step_codes import StepCode

from .cases import Form
from .typed import type_everywhere


@pytest.mark.django_db
def test_a_sentence_in_every_text_of_every_step(forms: list[Form], numbers: dict[str, str]) -> None:
    typed = type_everywhere(forms, numbers)
    assert typed.found == []
    assert {s.removesuffix(" (second)") for s in typed.steps} == {
        *STAFF_CAN_TAKE,
        StepCode.REGISTER,
        StepCode.IMPORT_HISTORY,
    }
    print(f"\n{len(typed.sentences)} sentences in {len(typed.steps)} steps: none in any event")


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with postgres.server() as server:
        yield environment(tmp_path_factory.mktemp("data"), postgres.address(server))


@only_at_night
def test_the_same_on_postgresql(on_postgres: dict[str, str]) -> None:
    said = run(
        on_postgres,
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from tests.fuzz.typed import main; main()",
    )
    steps, sentences, found, _ = said.split(maxsplit=3)
    assert int(steps) > 60 and int(sentences) > 100 and found == "0", said
