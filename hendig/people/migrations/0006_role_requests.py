"""A role that somebody asked for waits for a second person, who is another, also in the database."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import hendig.audit.models
import hendig.kernel.actor
import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_vat_number_of_partner"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoleRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("email", hendig.audit.models.LockedText(max_length=254)),
                ("first_name", hendig.audit.models.LockedText(max_length=60)),
                ("last_name", hendig.audit.models.LockedText(max_length=80)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            (hendig.kernel.actor.Role["FAMILY"], "gezin"),
                            (hendig.kernel.actor.Role["HELPER"], "buur of vrijwilliger"),
                            (hendig.kernel.actor.Role["COACH"], "gezinscoach"),
                            (hendig.kernel.actor.Role["PROFESSIONAL"], "beroepskracht"),
                            (hendig.kernel.actor.Role["TRAINEE"], "in opleiding"),
                            (hendig.kernel.actor.Role["OFFICE"], "kantoor van een partner"),
                            (hendig.kernel.actor.Role["FINANCE"], "financiën"),
                            (hendig.kernel.actor.Role["POLICY"], "beleid"),
                            (hendig.kernel.actor.Role["PRIVACY"], "privacy en controle"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=80)),
                ("can_do", models.CharField(blank=True, max_length=300)),
                (
                    "expertises",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(), default=list, size=None
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("agreed", models.BooleanField(default=False)),
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
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.partner",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed", False),
                            models.Q(
                                ("account__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answered_by", models.F("asked_by")), _negated=True),
                                models.Q(("answered_by", models.F("account")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_role_is_given_by_two",
                    )
                ],
            },
        ),
    ]
