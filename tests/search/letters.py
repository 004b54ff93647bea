"""Petitions as search meets them, all of them invented."""

from datetime import UTC, date, datetime
from itertools import count

from xinfang.cases.models import Petition, Petitioner, Request
from xinfang.search import index
from xinfang.search.answered import AnsweredText, Where
from xinfang.search.folding import fold_text
from xinfang.search.index import NamedPerson

_numbers = count(1)


def write_in(subject="咨询", body="", *, requests=(), people=(), answers=(), indexed=True, **columns) -> Petition:
    """A petition with its people, requests and what was answered, in the index unless told otherwise."""
    petition = Petition.objects.create(
        **{
            "number": f"LX2026{next(_numbers):06d}",
            "state": "registered",
            "channel": "letter",
            "source": "direct",
            "received_on": date(2026, 3, 2),
            "registered_at": datetime(2026, 3, 2, 1, tzinfo=UTC),
            "subject": subject,
            "body": body,
            **columns,
        }
    )
    for place, person in enumerate(people, 1):
        Petitioner.objects.create(
            petition=petition,
            place=place,
            name=person.name,
            phone=person.phone,
            id_number=person.id_number,
            kind="natural",
            role="petitioner",
        )
    for number, text in enumerate(requests, 1):
        Request.objects.create(petition=petition, number=number, text=text)
    if indexed:
        put(petition)
        kept = "\n".join(map(fold_text, answers))
        index.index_answers(petition.pk, AnsweredText(kept, Where.REPLY * len(answers)))
    return petition


def put(petition: Petition) -> None:
    """As `actions` does it: from the rows of the petition."""
    index.index_petition(
        petition,
        requests=[r.text for r in petition.requests.all()],
        people=[NamedPerson(p.name, p.phone, p.id_number) for p in petition.petitioners.all()],
    )
