"""What somebody outside the family told of a worry, and who that was, in the part kept for it."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids
import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0023_consent_items"),
        ("people", "0013_auditor"),
        ("safety", "0003_breach_as_the_law_asks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Informant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("name", hendig.keys.models.sealed.SealedText(blank=True, max_length=120)),
                ("role", hendig.keys.models.sealed.SealedText(max_length=120)),
                ("words", hendig.keys.models.sealed.SealedText(max_length=4000)),
                ("told_on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "compartment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.compartment",
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="safety.concern"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.family"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.record"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
    ]
