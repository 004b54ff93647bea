"""Whatever one row holds, the check names it and goes on with the others.

And nothing is mended from records that were altered.
"""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from tests.attachments import made
from tests.proof.test_tampering import run, without_guard
from tests.tables import T
from tests.world import as_, make_department, noon, register, sweep_on, take, who
from xinfang.accounts.models import Duty
from xinfang.attachments.actions.attach import attach_checked
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Event, Petition, Petitioner
from xinfang.cases.queries.petitions import facts_of
from xinfang.operations.main import main
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material
from xinfang.proof.verify import verify
from xinfang.search import index
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import DecryptionFailed

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
MOVED = date(2030, 1, 1)


@pytest.fixture
def numbers() -> Iterator[tuple[str, str]]:
    """Two cases; the rows of both are moved, and the triggers of the events are off.

    That is as for somebody with the database's password.
    """
    make_department()
    found = register(MONDAY), register(MONDAY)
    for number in found:
        take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="claim", route="six", purpose="claim")
    Petition.objects.update(next_due=MOVED)
    with without_guard():
        yield found


def case(number: str) -> Petition:
    return Petition.objects.get(number=number)


def attach(number: str) -> Attachment:
    attach_checked(
        number, made.png(), "照片.png", "png", what=Material.OTHER, by=who("clerk", MONDAY), now=noon(MONDAY)
    )
    return Attachment.objects.get(petition__number=number)


DAMAGED = {
    "unknown code": f"UPDATE {T.cases_event} SET code = 'nothing' WHERE petition_id = %s AND seq = 2",
    "no object": f"UPDATE {T.cases_event} SET data = '[1]' WHERE petition_id = %s AND seq = 2",
    "no answers": f"UPDATE {T.cases_event} SET data = '{{}}' WHERE petition_id = %s AND seq = 2",
    "key of another": f"UPDATE {T.cases_petition} SET wrapped_key = (SELECT MAX(wrapped_key) FROM {T.cases_petition} o"
    f" WHERE o.id <> {T.cases_petition}.id) WHERE id = %s",
    "no key": f"UPDATE {T.cases_petition} SET wrapped_key = NULL WHERE id = %s",
    "no events": f"DELETE FROM {T.cases_task} WHERE petition_id = %s",
}


@pytest.mark.parametrize("what", [*DAMAGED, "truncated", "no date"])
def test_damage_of_one_case_is_named_and_the_others_are_mended(numbers, what, capsys) -> None:
    bad, good = numbers
    if what == "truncated":
        run(
            f"DELETE FROM {T.cases_eventtext}"
            f" WHERE event_id = (SELECT MAX(id) FROM {T.cases_event} WHERE petition_id = %s)",
            case(bad).pk,
        )
        run(
            f"DELETE FROM {T.cases_requiredpaper}"
            f" WHERE event_id = (SELECT MAX(id) FROM {T.cases_event} WHERE petition_id = %s)",
            case(bad).pk,
        )
        run(f"DELETE FROM {T.cases_event} WHERE petition_id = %s AND seq = 2", case(bad).pk)
    elif what == "no date":
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL takes only dates")
        run(f"UPDATE {T.cases_event} SET happened_on = 'nie' WHERE petition_id = %s AND seq = 2", case(bad).pk)
    elif what == "no events":
        pk = case(bad).pk
        for table in (T.cases_eventtext, T.cases_requiredpaper):
            run(f"DELETE FROM {table} WHERE event_id IN (SELECT id FROM {T.cases_event} WHERE petition_id = %s)", pk)
        run(f"DELETE FROM {T.cases_event} WHERE petition_id = %s", pk)
    else:
        run(DAMAGED[what], case(bad).pk)
    assert main(["rebuild", "--check"]) == 1
    assert f"{bad} {T.cases_event}：" in capsys.readouterr().out
    assert main(["verify"]) == 1 or what == "key of another", "that key fits another case; only the check opens texts"
    before = Petition.objects.filter(number=bad).values().get()
    assert main(["rebuild"]) == 1
    assert case(good).next_due != MOVED
    assert Petition.objects.filter(number=bad).values().get() == before, "nothing is mended from damaged records"
    assert main(["rebuild"]) == 1, "and that doesn't pass"


def test_a_column_that_cannot_be_opened_is_a_difference(numbers, capsys) -> None:
    bad, good = numbers
    Petitioner.objects.filter(petition__number=bad).update(phone_sealed=b"\x01\x02\x03")
    assert main(["rebuild", "--check"]) == 1
    assert f"{bad} {T.cases_petitioner}：phone 与记录不符" in capsys.readouterr().out
    assert index.check_index() == [f"索引与记录不一致：{bad}"], "and the index is checked and made all the same"
    index.rebuild_index()
    assert main(["rebuild"]) == 0 and main(["rebuild", "--check"]) == 0 and index.check_index() == []
    assert case(bad).petitioners.get().phone and case(good).next_due != MOVED


def test_a_duty_of_no_known_role_is_named_and_keeps_nobody_from_work(numbers, capsys) -> None:
    duty = Duty.objects.create(staff=Duty.objects.all()[0].staff, role="emperor", since=MONDAY)
    assert main(["rebuild"]) == 1
    assert f"任职 #{duty.pk} 的身份“emperor”不存在" in capsys.readouterr().out
    assert all(case(n).next_due != MOVED for n in numbers)
    sweep_on(MONDAY)
    assert as_(duty.staff.username).get("/").status_code == 200


@pytest.mark.parametrize("what", ["unknown code", "no object", "no answers"])
def test_events_that_cannot_be_read_hold_up_no_other_case(numbers, what) -> None:
    bad, good = numbers
    run(DAMAGED[what], case(bad).pk)
    with pytest.raises(DecryptionFailed):
        facts_of(case(bad))
    swept = sweep_on(date(2026, 12, 1))
    assert swept.overdue > 0 and swept.failed > 0
    assert case(good).events.filter(code=StepCode.MARK_OVERDUE).exists()
    assert as_("clerk").get("/exchange/").status_code == 200


def test_who_may_not_see_a_case_is_told_nothing_of_its_damage(numbers) -> None:
    bad, _ = numbers
    run(DAMAGED["unknown code"], case(bad).pk)
    for username in ("sealed", "auditor"):
        assert as_(username).get(f"/petitions/{bad}/").status_code == 404
    with pytest.raises(DecryptionFailed):
        as_("clerk").get(f"/petitions/{bad}/")


def test_a_row_that_cannot_be_made_again_is_named_and_never_removed(numbers, capsys) -> None:
    lost, kept = numbers
    attach(lost)
    surplus = attach(kept)
    Attachment.objects.filter(petition__number=lost).delete()
    Attachment.objects.create(
        petition=case(kept), place=2, kind="png", size=1, digest="0" * 64, wrapped_key=surplus.wrapped_key,
        name_sealed=b"x",
        what=surplus.what,
    )  # fmt: skip
    assert main(["rebuild"]) == 1
    said = capsys.readouterr().out
    assert f"{lost} {T.attachments_attachment}：缺少一行（1）" in said
    assert f"{kept} {T.attachments_attachment}：多出一行（2）" in said
    assert Attachment.objects.filter(petition__number=kept).count() == 2
    assert case(lost).next_due != MOVED, "the other rows of the case are mended"


def test_a_truncated_case_keeps_its_attachment(numbers, capsys) -> None:
    bad, _ = numbers
    row = attach(bad)
    Attachment.objects.filter(pk=row.pk).update(event=None)
    run(f"DELETE FROM {T.cases_eventtext} WHERE event_id = %s", row.event_id)
    run(f"DELETE FROM {T.cases_event} WHERE id = %s", row.event_id)
    assert main(["rebuild"]) == 1 and not verify().whole
    assert "之后的记录被删去" in capsys.readouterr().out
    assert Attachment.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("what", ["no key", "another key", "no row"])
def test_an_attachment_without_its_key_or_row_is_named(numbers, what, capsys) -> None:
    Petition.objects.update(next_due=MOVED)
    number, _ = numbers
    row = attach(number)
    assert main(["rebuild"]) == 0 and main(["verify", "--files"]) == 0
    if what == "no row":
        row.delete()
    else:
        Attachment.objects.update(wrapped_key=None if what == "no key" else keyring().new_key()[1])
    capsys.readouterr()
    assert main(["rebuild", "--check"]) == 1
    assert f"{number} {T.attachments_attachment}：" in capsys.readouterr().out
    assert main(["rebuild"]) == 1 and main(["verify", "--files"]) == 1
    assert f"{number} 的附件" in capsys.readouterr().err
    assert Event.objects.filter(code=StepCode.ATTACH).exists()


@pytest.mark.parametrize(
    "table", [T.cases_task, T.cases_deadline, T.cases_casevisibility, T.search_searchperson, T.search_searchtext]
)
def test_rows_of_a_case_that_is_not_there_are_named(numbers, table, capsys) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses such a row")
    number, _ = numbers
    pk = case(number).pk
    if table == T.cases_casevisibility:
        run(f"INSERT INTO {T.cases_casevisibility} (petition_id, why) VALUES (%s, 'recused')", pk)
    assert main(["rebuild"]) == 0
    run("PRAGMA defer_foreign_keys = ON")
    try:
        if table == T.cases_casevisibility:
            run(f"INSERT INTO {T.cases_casevisibility} (petition_id, why) VALUES (%s, 'recused')", pk)
        assert run(f"UPDATE {table} SET petition_id = 4711 WHERE petition_id = %s", pk)
        assert main(["rebuild", "--check"]) == 1
        assert f"{table}：有属于不存在的事项的行（#4711）" in capsys.readouterr().out
        assert main(["rebuild"]) == 1
    finally:
        run(f"DELETE FROM {table} WHERE petition_id = 4711")
