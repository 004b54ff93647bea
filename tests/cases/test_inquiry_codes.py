"""The inquiry code of a case: 80 bits, typed in any way, kept only so that papers of the desk can print it (N18)."""

from datetime import date, timedelta

import pytest

from tests.world import LETTER, make_department, register
from xinfang.cases import inquiry_codes
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition
from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.step_schema import StaffCode, load_step
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.words import Role

pytestmark = pytest.mark.django_db
CODE = "7K3M9QXR2VBN8HTD"
PETITIONER = Actor(StaffCode(""), "信访人", (DutyHeld(Role.PETITIONER),))


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def test_a_code_has_eighty_bits() -> None:
    assert len(inquiry_codes.ALPHABET) ** inquiry_codes.LENGTH == 2**inquiry_codes.BITS
    drawn = {inquiry_codes.draw_code() for _ in range(500)}
    assert len(drawn) == 500 and set("".join(drawn)) == set(inquiry_codes.ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "7K3M-9QXR-2VBN-8HTD",
        " 7k3m 9qxr　2vbn 8htd ",
        "７Ｋ３Ｍ９ＱＸＲ２ＶＢＮ８ＨＴＤ",
        "7K3M—9QXR—2VBN—8HTD",
    ],
)
def test_a_code_is_read_in_any_case_and_width_with_or_without_separators(typed: str) -> None:
    assert inquiry_codes.is_code(typed, inquiry_codes.mark_of(CODE))


def test_letters_that_look_like_another_are_taken_for_it() -> None:
    mark = inquiry_codes.mark_of("1100VV11" * 2)
    assert inquiry_codes.is_code("Il0oUu1l" * 2, mark)


@pytest.mark.parametrize("typed", ["", "7K3M", CODE[:-1], CODE + "7", CODE[:-1] + "E", "查询码"])
def test_any_other_text_is_not_the_code(typed: str) -> None:
    assert not inquiry_codes.is_code(typed, inquiry_codes.mark_of(CODE))
    assert not inquiry_codes.is_code(typed, ""), "the file was destroyed"


def test_what_the_desk_registers_can_print_its_code() -> None:
    one, two = (Petition.objects.get(number=register(date.today() - timedelta(days=3))) for _ in range(2))
    assert one.inquiry_code != two.inquiry_code and len(one.inquiry_code) == inquiry_codes.LENGTH
    assert inquiry_codes.is_code(one.inquiry_code, one.inquiry_mark)
    assert one.inquiry_sealed is not None and one.inquiry_code.encode() not in bytes(one.inquiry_sealed)


def test_who_submits_themselves_takes_the_code_along_and_the_desk_never_has_it() -> None:
    step = load_step(Register, {**LETTER, "channel": "online", "received_on": date.today(), "secrecy": "no"})
    made = perform(step, None, by=PETITIONER, idempotency_key="form-of-somebody-0001").petition
    row = Petition.objects.get(number=made.number)
    assert row.inquiry_sealed is None and row.inquiry_code == ""
    assert inquiry_codes.is_code(inquiry_codes.code_of_form("form-of-somebody-0001"), row.inquiry_mark)
    assert not inquiry_codes.is_code(inquiry_codes.code_of_form("form-of-somebody-0002"), row.inquiry_mark)
