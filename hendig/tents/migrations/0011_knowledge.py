"""Editions of the knowledge cards and of what asks a registration."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_knowledge_card"),
        ("tents", "0010_later_page"),
    ]

    operations = [
        migrations.CreateModel(
            name="Knowledge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("cards", models.JSONField(default=list)),
                ("registered", models.JSONField(default=list)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("from_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("municipality_id"), models.F("number"), name="knowledge_edition_once"
                    )
                ],
            },
        ),
    ]
