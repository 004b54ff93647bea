"""The people of a case."""

from xinfang.cases.models import Petition


def personal_fields_in(petition: Petition, text: str) -> list[str]:
    """Return which personal data of this case's people a text contains, by the names of their fields (1 query)."""
    found = {
        field
        for p in petition.petitioners.all()
        for field, value in (
            ("name", p.full_name),
            ("phone", p.phone),
            ("address", p.address),
            ("id_number", p.id_number),
        )
        if value and value in text
    }
    return sorted(found)
