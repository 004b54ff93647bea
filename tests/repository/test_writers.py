"""The check of who writes finds a page that does."""

from pathlib import Path
from typing import Any

import pytest

import xinfang
from tests.writers import WrittenElsewhere
from xinfang.cases.models import Petition

pytestmark = pytest.mark.django_db
CODE = "def write(rows):\n    rows.update(subject='x')\n"


def written_in(module: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(CODE, str(Path(xinfang.__file__).parent / module), "exec"), names)  # noqa: S102 - our own text
    names["write"](Petition.objects.all())


@pytest.mark.parametrize(
    "module", ["papers/views/papers.py", "casework/commands/cases.py", "cases/queries/inbox.py", "web/page_frame.py"]
)
def test_who_only_shows_or_reads_writes_nothing(module: str) -> None:
    with pytest.raises(WrittenElsewhere):
        written_in(module)


@pytest.mark.parametrize(
    "module",
    ["papers/actions/paper_texts.py", "figures/actions.py", "search/projections.py", "core/prepared_inserts.py"],
)
def test_who_writes_may(module: str) -> None:
    written_in(module)


def test_a_test_may() -> None:
    Petition.objects.all().update(subject="x")
