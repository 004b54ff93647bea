"""What one SQL statement did unnoticed once: each is named now, with the table that it touched."""

from datetime import date

import pytest
from django.db import transaction

from tests.proof.attacks import run
from tests.proof.test_tampering import without_guard
from tests.tables import T
from tests.world import make_department, register, set_up_authenticators, take, walk
from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import Petition
from xinfang.department.models import EffectiveSetting
from xinfang.phrases.models import Phrase
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)

OF_A_CASE = {
    "subject": (f"UPDATE {T.cases_petition} SET subject = '别的事' WHERE id = %s", T.cases_petition),
    "letter": (f"UPDATE {T.cases_petition} SET body = '别的内容' WHERE id = %s", T.cases_petition),
    "day of receipt": (f"UPDATE {T.cases_petition} SET received_on = '2020-01-01' WHERE id = %s", T.cases_petition),
    "state": (f"UPDATE {T.cases_petition} SET state = 'closed' WHERE id = %s", T.cases_petition),
    "code of the window": (f"UPDATE {T.cases_petition} SET inquiry_mark = 'x' WHERE id = %s", ""),
    "petitioner gone": (f"DELETE FROM {T.cases_petitioner} WHERE petition_id = %s", T.cases_petitioner),
    "attachment gone": (f"DELETE FROM {T.attachments_attachment} WHERE petition_id = %s", T.attachments_attachment),
    "limit gone": (f"DELETE FROM {T.cases_deadline} WHERE petition_id = %s", T.cases_deadline),
    "task gone": (f"DELETE FROM {T.cases_task} WHERE petition_id = %s", T.cases_task),
}
OF_PEOPLE = {
    "duty without end": (f"UPDATE {T.accounts_duty} SET until = '2099-01-01'", T.accounts_duty),
    "another password": (f"UPDATE {T.accounts_staff} SET password = 'x' WHERE username = 'sealed'", T.accounts_staff),
    "no second factor": (f"DELETE FROM {T.accounts_authenticator}", T.accounts_authenticator),
    "setting gone": (f"DELETE FROM {T.department_effectivesetting}", T.department_effectivesetting),
    "mail to somebody else": (f"UPDATE {T.accounts_staff} SET email = 'a@b.invalid'", T.accounts_staff),
}


def named() -> str:
    return "\n".join(f"{b.chain} {b.place} {b.what}" for b in verify().broken)


class _Undone(Exception):
    pass


def test_each_is_named() -> None:
    make_department()
    set_up_authenticators()
    EffectiveSetting.objects.create(name="reception_place", value="信访接待室", since=START, reason="试")
    number = register(START)
    walk(number, "served", START)
    sealed = register(START)
    take(sealed, StepCode.CLASSIFY, "clerk", START, matter_class="report")
    case, other = (Petition.objects.get(number=n).pk for n in (number, sealed))
    unit = Unit.objects.exclude(pk=Petition.objects.get(pk=case).handling_unit_id).earliest("pk").pk
    handler = Staff.objects.get(username="handler").pk
    assert named() == ""
    statements = {
        **{said: (sql, (case,), table) for said, (sql, table) in OF_A_CASE.items()},
        **{said: (sql, (), table) for said, (sql, table) in OF_PEOPLE.items()},
        "unit": (f"UPDATE {T.cases_petition} SET handling_unit_id = %s WHERE id = %s", (unit, case), T.cases_petition),
        "unsealed": (f"UPDATE {T.cases_petition} SET sealed = %s WHERE id = %s", (False, other), T.cases_petition),
        "a duty more": (
            f"INSERT INTO {T.accounts_duty} (staff_id, role, unit_id, since) VALUES (%s, 'sealed_officer', %s, %s)",
            (handler, unit, "2026-01-01"),
            T.accounts_duty,
        ),
    }
    with without_guard():
        for said, (sql, params, table) in statements.items():
            try:
                with transaction.atomic():
                    assert run(sql, *params), f"{said}: nothing there to attack"
                    assert table in named() != "", said
                    raise _Undone
            except _Undone:
                pass
        assert named() == ""


def test_a_change_past_the_program_isnt_made_good_by_the_next_one_through_it() -> None:
    phrase = Phrase.objects.create(text="已收悉")
    run(f"UPDATE {T.phrases_phrase} SET text = '别的' WHERE id = %s", phrase.pk)
    phrase.refresh_from_db()
    phrase.text = "请补正"
    phrase.save()
    assert "曾在程序之外被改动" in named()


def test_what_the_program_does_is_no_attack() -> None:
    first, second = (Phrase.objects.create(text=text) for text in ("已收悉", "请补正"))
    Phrase.objects.filter(pk=first.pk).update(text="收到")
    Phrase.objects.bulk_create([Phrase(text="转交"), Phrase(text="存档")])
    second.text = "请补充"
    second.save(update_fields=["text"])
    Phrase.objects.filter(text="转交").delete()
    Phrase.objects.bulk_update([first], ["text"])
    assert named() == ""
