"""The same promises on a real PostgreSQL: the whole walk, unique numbers, one of two is told."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests import postgres
from tests.cases.racing import environment, run, together
from xinfang.procedure.step_codes import StepCode


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with postgres.server() as server:
        host = quote(str(server["HOST"]), safe="")
        url = f"postgresql://postgres@/{server['NAME']}?host={host}&port={server['PORT']}"
        yield environment(tmp_path_factory.mktemp("data"), url)


def test_the_walk_and_the_race_on_postgresql(on_postgres: dict[str, str]) -> None:
    said = run(
        on_postgres,
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from datetime import date; from django.db import connection\n"
        "from tests.world import make_department, register, walk\n"
        "from xinfang.cases.models import Petition\n"
        "from xinfang.search.index import check_index\n"
        "make_department(); day = date(2026, 3, 2); number = register(day); walk(number, 'archived', day)\n"
        "print(connection.vendor, Petition.objects.get(number=number).state, check_index(), register(day))",
    )
    assert said.split() == ["postgresql", "archived", "[]", "LX2026000002"]

    made = together(on_postgres, *[[StepCode.REGISTER, "10"]] * 4)
    numbers = sorted(n for batch in made for n in batch)  # type: ignore[attr-defined]
    assert numbers == [f"LX2026{i:06d}" for i in range(3, 43)]

    told = together(on_postgres, [StepCode.CLASSIFY, "LX2026000002", "1"], [StepCode.CLASSIFY, "LX2026000002", "1"])
    assert sorted(map(str, told)) == ["done", "somebody_was_faster"]
