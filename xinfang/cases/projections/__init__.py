"""What a step leaves in the tables of a case."""

from .columns import Columns, People, Requests, RequiredPapers, Sight
from .deadlines import Deadlines
from .references import References
from .tasks import Tasks

PROJECTIONS = (References, Columns, People, Requests, Sight, RequiredPapers, Deadlines, Tasks)
