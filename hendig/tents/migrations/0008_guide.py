"""The municipality has its own words for the talk; a talk keeps the edition that it began with."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_service_code_in_ijw"),
        ("tents", "0007_direction"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guide",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("phases", models.JSONField(default=dict)),
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
            },
        ),
        migrations.AddField(
            model_name="talk",
            name="guide",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tents.guide"
            ),
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"), models.F("number"), name="guide_edition_once"
            ),
        ),
    ]
