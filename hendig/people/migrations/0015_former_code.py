import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_elsewhere"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("until_on", models.DateField()),
                ("name", models.CharField(max_length=80)),
                ("sentence", models.CharField(max_length=200)),
                ("ijw_category", models.CharField(blank=True, max_length=2)),
                ("ijw_code", models.CharField(blank=True, max_length=5)),
                ("unit", models.CharField(choices=[("01", "minuten"), ("04", "uren")], max_length=2)),
                ("cbs_care_form", models.CharField(blank=True, max_length=2)),
                ("iv3_field", models.CharField(blank=True, max_length=6)),
                (
                    "service_code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former",
                        to="people.servicecode",
                    ),
                ),
            ],
            options={
                "ordering": ["until_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_code", "until_on"), name="code_changes_once_a_day"
                    )
                ],
            },
        ),
    ]
