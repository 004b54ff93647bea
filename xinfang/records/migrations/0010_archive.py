"""The archive room's rows, filled for what was archived before; those files keep the period that the rules propose."""

from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_RETENTION = [("permanent", "永久"), ("years_30", "30年"), ("years_10", "10年")]
_OUTCOMES = [("", "待审批"), ("approved", "已批准销毁"), ("refused", "不同意销毁")]
_CHUNK = 1000


def fill(apps, schema_editor):
    """Give every archived case its row. A number that was given twice, or none, is told apart by the case's own."""
    petition_model = apps.get_model("records", "Petition")
    event_model = apps.get_model("records", "Event")
    file_model = apps.get_model("records", "ArchivedFile")
    taken = set()
    last = 0
    while True:
        cases = list(
            petition_model.objects.filter(state="archived", pk__gt=last)
            .order_by("pk")
            .values_list("pk", "number", "replied_on")[:_CHUNK]
        )
        if not cases:
            return
        last = cases[-1][0]
        ids = [pk for pk, _, _ in cases]
        accepted = {}
        events = event_model.objects.filter(petition_id__in=ids, code="accept_archive").order_by("seq")
        for pk, on, data in events.values_list("petition_id", "happened_on", "data"):
            accepted[pk] = (on, data.get("volume", ""))
        to_principal = set(
            event_model.objects.filter(petition_id__in=ids, code="propose", data__to_principal=True).values_list(
                "petition_id", flat=True
            )
        )
        rows = []
        for pk, number, replied_on in cases:
            if pk not in accepted:
                continue
            on, volume = accepted[pk]
            if not volume or volume in taken:
                volume = f"{volume}（{number}）"[-40:] if volume else number
            taken.add(volume)
            years = 10 if replied_on is None else None if pk in to_principal else 30
            rows.append(
                file_model(
                    petition_id=pk,
                    volume=volume,
                    retention=f"years_{years}" if years else "permanent",
                    archived_on=on,
                    until=date(on.year + years, 12, 31) if years else None,
                )
            )
        file_model.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("records", "0009_reading"),
    ]

    operations = [
        migrations.CreateModel(
            name="DisposalList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="清单号")),
                ("reason", models.TextField(verbose_name="鉴定意见")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                (
                    "outcome",
                    models.CharField(blank=True, choices=_OUTCOMES, default="", max_length=8, verbose_name="结果"),
                ),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="ArchivedFile",
            fields=[
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="archived_file",
                        serialize=False,
                        to="records.petition",
                    ),
                ),
                ("volume", models.CharField(max_length=40, unique=True, verbose_name="档号")),
                ("retention", models.CharField(choices=_RETENTION, max_length=12, verbose_name="保管期限")),
                ("archived_on", models.DateField(verbose_name="归档日期")),
                ("until", models.DateField(null=True, verbose_name="保管至")),
                ("destroyed_on", models.DateField(null=True, verbose_name="销毁日期")),
                (
                    "listed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="records.disposallist",
                    ),
                ),
            ],
            options={
                "ordering": ["-archived_on", "-petition_id"],
                "indexes": [
                    models.Index(fields=["destroyed_on", "until", "petition"], name="archived_by_end"),
                    models.Index(fields=["archived_on", "petition"], name="archived_by_day"),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
