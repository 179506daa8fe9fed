"""What is good to know at a table, in the municipality's own words."""

from django.db import migrations, models

import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_registered_expertise"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnowledgeCard",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=80)),
                ("words", models.CharField(max_length=400)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
    ]
