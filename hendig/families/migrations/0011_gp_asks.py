"""A GP asks a family, once, to be invited; the family reads it, and answers without a reason."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0010_practices"),
        ("people", "0007_service_code_in_ijw"),
    ]

    operations = [
        migrations.CreateModel(
            name="GpAsk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("said", models.BinaryField()),
                ("asked_at", models.DateTimeField()),
                (
                    "stage",
                    models.CharField(
                        choices=[("asked", "gevraagd"), ("agreed", "mag meedoen"), ("refused", "niet nu")],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.familymember",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.family",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.record",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record", "-id"], name="gp_asks_of_record")],
                "constraints": [
                    models.UniqueConstraint(models.F("account"), models.F("said"), name="a_gp_asks_once")
                ],
            },
        ),
    ]
