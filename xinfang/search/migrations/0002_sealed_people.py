"""Sealed cases are found by the keyed hashes of their people: those sealed before this release get theirs."""

from django.db import migrations

from xinfang.records.models.sealed import opened
from xinfang.search.text import Named, marks


def mark(apps, editor):
    petitions = apps.get_model("records", "Petition").objects
    people = apps.get_model("records", "Petitioner").objects
    person = apps.get_model("search", "Person")
    for pk in petitions.filter(sealed=True).values_list("pk", flat=True):
        named = [
            Named(p.name or opened(p, "name"), opened(p, "phone"), opened(p, "id_number"))
            for p in people.filter(petition=pk).select_related("petition")
        ]
        person.objects.filter(petition_id=pk).delete()
        person.objects.bulk_create(person(petition_id=pk, mark=m) for m in sorted(marks(named)))


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("records", "0005_proof_guard")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
