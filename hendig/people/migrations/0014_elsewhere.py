import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_auditor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Elsewhere",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(help_text="taken back, declined or stopped", null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "there",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["account"], name="elsewhere_of_account")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("home"),
                        models.F("there"),
                        condition=models.Q(("ended_at", None)),
                        name="elsewhere_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("account", None),
                            models.Q(
                                ("answered_by__isnull", False),
                                models.Q(("answered_by", models.F("account")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="elsewhere_is_answered_by_another",
                    ),
                ],
            },
        ),
    ]
