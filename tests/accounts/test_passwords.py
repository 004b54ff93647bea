"""Which passwords will do when their owner chooses them."""

import pytest

from tests.world import PASSWORD
from xinfang.accounts.actions import passwords, people
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.models import OldPassword, Staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def clerk() -> Staff:
    return Staff.objects.get(username="clerk")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("Ab3-", "12"),
        ("abcdefghijkl", "至少三种"),
        ("abcdefghijk7", "至少三种"),
        ("ABCDEFGH1234", "至少三种"),
        ("202601012026", "至少三种"),
        ("Password1234", "常见"),
        ("Clerk-99-ab", "12"),
    ],
)
def test_weak_passwords_are_refused_with_a_sentence(password: str, says: str) -> None:
    with pytest.raises(AdminChangeRefused, match=says):
        people.set_password(clerk(), password, by=clerk())


def test_a_password_like_the_user_name_is_refused() -> None:
    head = Staff.objects.get(username="office_head")
    with pytest.raises(AdminChangeRefused, match="相似"):
        people.set_password(head, "Office-head12", by=head)


def test_three_kinds_are_enough_and_chinese_counts_as_signs() -> None:
    for good in ("abcdefgh-Hij", "abcdefgh-123", "草原上的风Abc-xyz"):
        people.set_password(clerk(), good, by=clerk())
        assert clerk().check_password(good)


def test_none_of_the_last_five_comes_back_and_the_sixth_may() -> None:
    used = [PASSWORD, *(f"Another-word-{i}" for i in range(5))]
    for password in used[1:]:
        people.set_password(clerk(), password, by=clerk())
    for password in used[1:]:
        with pytest.raises(AdminChangeRefused, match="最近 5 次"):
            people.set_password(clerk(), password, by=clerk())
    people.set_password(clerk(), PASSWORD, by=clerk())
    assert OldPassword.objects.filter(staff=clerk()).count() == passwords.REMEMBERED_PASSWORDS


def test_another_persons_password_is_not_set_by_one_alone() -> None:
    with pytest.raises(AdminChangeRefused, match="两人"):
        people.set_password(clerk(), "Another-word-1", by=Staff.objects.get(username="admin"))
    assert clerk().check_password(PASSWORD)


def test_random_halves_have_three_kinds_and_differ() -> None:
    made = {half for _ in range(100) for half in (passwords._half(), passwords._half())}
    assert len(made) == 200
    for half in made:
        assert len(half) == passwords.HALF_LETTERS and not set(half) & set("Il1O0")
        passwords.CharacterKindsValidator().validate(half)
