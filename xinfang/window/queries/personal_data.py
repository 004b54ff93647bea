"""The personal data that is kept of the petitioner at the window: their own, and nobody else's (PIPL 44, 45)."""

from dataclasses import dataclass

from xinfang.cases.access import CaseView
from xinfang.petitioner_news.queries import wishes_of


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What is kept of one person, by the name of each item; empty items aren't kept."""

    items: list[tuple[str, str]]


def personal_data(case: CaseView, person: int) -> PersonalData:
    """Return what is kept of this person of the case (2 queries).

    Raises:
        VaultError: it can't be read.
    """
    wishes = wishes_of(case.petition.pk, person)
    told = [(name, value) for name, value in (("接收提醒的手机", wishes.sms), ("接收提醒的邮箱", wishes.mail)) if value]
    row = case.petition.petitioners.filter(place=person).first()
    if row is None:
        return PersonalData(told)
    kept = [
        ("姓名（名称）", row.full_name), ("类型", row.get_kind_display()), ("身份", row.get_role_display()),
        ("电话", row.phone), ("地址", row.address), ("证件号码", row.id_number), ("使用语言", row.language),
    ]  # fmt: skip
    return PersonalData([*((name, value) for name, value in kept if value), *told])
