"""Is the copied population true? A sample is compared with its histories, as `xinfang rebuild --check` does it."""

import random

from xinfang.cases.models import Petition
from xinfang.core.numbering import check_series
from xinfang.proof.derived_rows import RowDifference, differences


def wrong_in_sample(ids: list[int], count: int = 200) -> list[str]:
    """Return what differs between histories and rows, in words; nothing if all is right."""
    found = [f"{s.prefix}{s.year}: {len(s.missing)} numbers missing" for s in check_series() if s.missing]
    sample = random.Random(1).sample(ids, min(count, len(ids)))
    numbers = list(Petition.objects.filter(pk__in=sample).values_list("number", flat=True))
    compared = 0
    for said in differences(numbers):
        if isinstance(said, RowDifference):
            found.append(f"{said.number} {said.table}: {said.what}")
        else:
            compared = said
    if compared != len(sample):
        found.append(f"{compared} of {len(sample)} cases were compared")
    return found
