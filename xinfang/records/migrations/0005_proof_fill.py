"""What an earlier release kept is encrypted and chained. Dates, times and texts stay as they were."""

from itertools import islice

from django.db import migrations

from xinfang.records.chaining_old import chain_administration, chain_cases
from xinfang.records.models.sealed import closed


def encrypt(apps, editor):
    people = apps.get_model("records", "Petitioner").objects
    fields = ("phone", "address", "id_number")
    rows = people.select_related("petition").order_by("petition_id", "place").iterator(chunk_size=1000)
    keys = {}
    while some := list(islice(rows, 1000)):
        for person in some:
            # Each row brings its own copy of the petition; they share its key.
            person.petition.wrapped_key = keys.get(person.petition_id, person.petition.wrapped_key)
            for field in fields:
                setattr(person, f"{field}_sealed", closed(person, field, getattr(person, field)))
            if person.petition.sealed:
                person.name_sealed, person.name = closed(person, "name", person.name), ""
            if person.petition.wrapped_key is not None:
                keys[person.petition_id] = person.petition.wrapped_key
        people.bulk_update(some, ["name", "name_sealed", *(f"{f}_sealed" for f in fields)], batch_size=200)


def chain(apps, editor):
    chain_cases()
    chain_administration()


class Migration(migrations.Migration):
    dependencies = [("records", "0005_proof")]
    operations = [
        migrations.RunPython(encrypt, migrations.RunPython.noop),
        migrations.RunPython(chain, migrations.RunPython.noop),
    ]
