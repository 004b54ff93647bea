"""What a step leaves in the tables of a case."""

from xinfang.cases.projections.columns import (
    PetitionColumns,
    PetitionerRows,
    RequestRows,
    RequiredPaperRows,
    Visibility,
)
from xinfang.cases.projections.deadlines import DeadlineRows
from xinfang.cases.projections.references import ReferenceLookup
from xinfang.cases.projections.tasks import TaskRows

PROJECTIONS = (
    ReferenceLookup,
    PetitionColumns,
    PetitionerRows,
    RequestRows,
    Visibility,
    RequiredPaperRows,
    DeadlineRows,
    TaskRows,
)
