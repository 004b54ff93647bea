"""The personal data that is kept of the petitioner at the window: their own, and nobody else's (PIPL 44, 45)."""

from dataclasses import dataclass

from xinfang.cases.access import CaseView


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What is kept of one person, by the name of each item; empty items aren't kept."""

    items: list[tuple[str, str]]


def personal_data(case: CaseView, person: int) -> PersonalData:
    """Return what is kept of this person of the case (1 query).

    Raises:
        VaultError: it can't be read.
    """
    row = case.petition.petitioners.filter(place=person).first()
    if row is None:
        return PersonalData([])
    kept = [
        ("姓名（名称）", row.full_name), ("类型", row.get_kind_display()), ("身份", row.get_role_display()),
        ("电话", row.phone), ("地址", row.address), ("证件号码", row.id_number), ("使用语言", row.language),
    ]  # fmt: skip
    return PersonalData([(name, value) for name, value in kept if value])
