"""The check of who writes finds a page that does."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

import xinfang
from tests.world import make_department, register
from tests.writers import WrittenElsewhere
from xinfang.cases.models import Petition

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
CODE = """
def write(rows):
    rows.update(subject='x')

def refresh(petition):
    from xinfang.search import index
    index.reindex(petition)

def through(write, rows):
    write(rows)
"""


def of(module: str, name: str) -> Callable[..., None]:
    """A function as if this module of the program held it."""
    names: dict[str, Any] = {}
    exec(compile(CODE, str(Path(xinfang.__file__).parent / module), "exec"), names)  # noqa: S102 - our own text
    found: Callable[..., None] = names[name]
    return found


def written_in(module: str) -> None:
    of(module, "write")(Petition.objects.all())


@pytest.mark.parametrize(
    "module",
    [
        "papers/views/papers.py",
        "casework/commands/cases.py",
        "cases/queries/inbox.py",
        "web/page_frame.py",
        "search/views.py",
    ],
)
def test_who_only_shows_or_reads_writes_nothing(module: str) -> None:
    with pytest.raises(WrittenElsewhere), transaction.atomic():
        written_in(module)


@pytest.mark.parametrize(
    "module", ["papers/actions/paper_texts.py", "figures/actions.py", "search/projections.py", "core/numbering.py"]
)
def test_who_writes_may(module: str) -> None:
    written_in(module)


def page(request: HttpRequest) -> HttpResponse:
    written_in("papers/views/papers.py")
    return HttpResponse("written")


urlpatterns = [path("writes/", page), path("healthz", page, name="healthz")]


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_writes_is_found_in_a_real_request() -> None:
    with pytest.raises(WrittenElsewhere), transaction.atomic():
        Client().get("/writes/")


def test_who_is_called_by_a_writer_is_found() -> None:
    rows = Petition.objects.all()
    with pytest.raises(WrittenElsewhere), transaction.atomic():
        of("papers/actions/paper_texts.py", "through")(of("papers/queries.py", "write"), rows)
    of("papers/views/papers.py", "through")(of("papers/actions/paper_texts.py", "write"), rows)


def test_a_page_writes_no_index_either() -> None:
    make_department()
    petition = Petition.objects.get(number=register(MONDAY))
    petition.subject = "别的事"
    with pytest.raises(WrittenElsewhere), transaction.atomic():
        of("search/views.py", "refresh")(petition)
    of("proof/actions/rebuild.py", "refresh")(petition)


def test_a_test_may() -> None:
    Petition.objects.all().update(subject="x")
