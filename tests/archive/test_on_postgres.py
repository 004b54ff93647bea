"""On PostgreSQL, as on SQLite.

A paper lives its life, files are archived whatever their end, a package proves itself, and a destroyed file leaves no
row of the person.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from tests import postgres
from tests.archive.test_disposal import BODY, PERSON, archived, department, proposed, staff
from tests.world import file_papers, file_receipt, make_department, register, take, walk, who
from xinfang.archive.actions import disposal
from xinfang.archive.actions.catalogue import CatalogueForm, export_catalogue
from xinfang.archive.dossier import standalone
from xinfang.archive.dossier.gathering import DossierPart, gather_dossier
from xinfang.archive.dossier.package import FolderSink, write_package
from xinfang.archive.models import ArchiveVolume, BoundVolume
from xinfang.archive.queries import volumes as room
from xinfang.cases.models import Petition, RequiredPaper
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.models import Paper
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind, PaperStage
from xinfang.proof.actions.sealing import make_seal
from xinfang.proof.verify import verify
from xinfang.search import index


@pytest.fixture
def a_postgresql(django_db_setup, django_db_blocker) -> Iterator[None]:
    with postgres.server() as description, django_db_blocker.unblock(), postgres.as_default(description):
        postgres.migrate()
        yield


def holding(words: str) -> list[str]:
    """The tables whose rows hold these words anywhere."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT COUNT(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_a_package_and_a_destroyed_file(a_postgresql: None, tmp_path: Path) -> None:
    department()
    number = archived()
    make_seal(today())
    target = tmp_path / "package"
    for _ in write_package(
        gather_dossier(Petition.objects.get(number=number), today()), DossierPart.BOTH, FolderSink(target)
    ):
        pass
    assert standalone.check(str(target))[1] == []
    for _ in range(2):
        BoundVolume.objects.update(revision=0)
        _, volumes = export_catalogue(CatalogueForm.EXCEL, year=2012, retention=None, by=SYSTEM, staff=None)
        assert volumes == 2
    assert holding(PERSON["name"]) and holding(BODY)
    done = disposal.decide_disposal(
        proposed(number), agree=True, opinion="", by=who("office_head"), staff=staff("office_head")
    )
    assert done.done == (number,)
    for words in (*PERSON.values(), BODY):
        assert holding(words) == [], words
    assert verify().whole and index.check_index() == []


def notice(number: str) -> Paper:
    """The notice of acceptance: made by one clerk, edited by another, signed by the head of the office, issued."""
    owed = RequiredPaper.objects.get(petition__number=number, kind="acceptance_notice").event.seq
    kind = PaperKind.ACCEPTANCE_NOTICE
    paper = acts.make_paper(number, kind, by=who("clerk"), owed_by=owed)
    text = acts.current_text(paper).text
    edited = text.replace("0471-0000000", "0471-1111111")
    assert edited != text
    saved = acts.save_paper_text(number, paper.place, edited, by=who("clerk2"), staff=staff("clerk2"), revision=1)
    with pytest.raises(EditConflict):
        acts.save_paper_text(number, paper.place, text, by=who("clerk"), staff=staff("clerk"), revision=1)
    acts.submit_paper(number, paper.place, by=who("clerk"), revision=saved.revision)
    take(number, StepCode.SIGN_PAPER, "office_head", paper=paper.place, agree=True)
    return acts.issue_paper(number, paper.place, by=who("clerk"), idempotency_key="notice-1")


def test_the_life_of_a_paper_and_files_that_go_to_the_archive(a_postgresql: None, tmp_path: Path) -> None:
    make_department()
    came = today() - timedelta(days=60)
    number = register(came)
    walk(number, "closed", came, 0)
    first = notice(number)
    assert acts.issue_paper(number, first.place, by=who("clerk"), idempotency_key="notice-1").pk == first.pk
    take(number, StepCode.WITHDRAW_PAPER, "clerk", paper=first.place, reason="联系电话有误，另发一份")
    reply = Paper.objects.get(petition__number=number, kind=PaperKind.REPLY_OPINION.value)
    first.refresh_from_db()
    assert (first.stage, reply.stage) == (PaperStage.WITHDRAWN.value, PaperStage.SERVED.value)
    assert first.number and first.pdf and first.word and first.pages == 2 and "内科信告" in first.number

    filed = register(came)
    take(filed, StepCode.FILE_WITHOUT_ACTION, "clerk", came, ground="no_value", reason="广告")
    take(filed, StepCode.FILE_WITHOUT_ACTION, "clerk2", came, agree=True)
    assert not visible_to(who("archivist")).filter(number=filed).exists()
    file_receipt(number, "handler")
    for case, by in ((number, "handler"), (filed, "clerk")):
        file_papers(case, by)
        take(case, StepCode.SUBMIT_ARCHIVE, by, complete=True, pages=9)
    assert [p.number for p in room.files_to_accept(who("archivist"))] == [number, filed]
    for case in (number, filed):
        take(case, StepCode.ACCEPT_ARCHIVE, "archivist")
    kept = dict(ArchiveVolume.objects.values_list("petition__number", "volume"))
    assert kept == {number: f"{came.year}-D30-0001", filed: f"{came.year}-D10-0001"}
    for case in (number, filed):
        target = tmp_path / case
        for _ in write_package(
            gather_dossier(Petition.objects.get(number=case), today()), DossierPart.OPEN, FolderSink(target)
        ):
            pass
        assert standalone.check(str(target))[1] == []
    take(filed, StepCode.REOPEN, "clerk", reason="信末有一项诉求")
    assert Petition.objects.get(number=filed).state == "registered"
    assert verify().whole
