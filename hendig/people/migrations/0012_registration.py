"""Registrations are rows: several of one person, with as what, how that is known and on which day it was looked up."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids

# What was written down so far was one text: "BIG 19012345601", "SKJ 110012345" or a bare number, which was SKJ.
# A number in the BIG register ends in two digits that say as what somebody stands there.
ROWS = """
INSERT INTO people_registration (id, municipality_id, professional_id, register, other, profession, number, until,
    source, kept_at)
SELECT gen_random_uuid(), p.municipality_id, p.id, r.register, '', r.profession, left(r.number, 20),
    p.registration_until, 'earlier', now()
FROM people_professional p, LATERAL (
    SELECT regexp_replace(upper(p.registration), '^(SKJ|BIG)|[ .:-]', '', 'g') AS bare
) b, LATERAL (
    SELECT CASE WHEN upper(p.registration) LIKE 'BIG%' THEN 'big' ELSE 'skj' END AS register, b.bare AS number,
        CASE WHEN upper(p.registration) NOT LIKE 'BIG%' THEN ''
            ELSE CASE right(b.bare, 2) WHEN '01' THEN 'physician' WHEN '30' THEN 'nurse' WHEN '25' THEN 'psychologist'
                WHEN '16' THEN 'therapist' ELSE 'other' END END AS profession
) r
WHERE p.registration <> '';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_knowledge_card"),
    ]

    operations = [
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                (
                    "register",
                    models.CharField(
                        choices=[("skj", "SKJ"), ("big", "BIG"), ("other", "een ander register")],
                        max_length=5,
                    ),
                ),
                ("other", models.CharField(blank=True, max_length=60)),
                (
                    "profession",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("physician", "arts"),
                            ("nurse", "verpleegkundige"),
                            ("psychologist", "gz-psycholoog"),
                            ("therapist", "psychotherapeut"),
                            ("pedagogue", "orthopedagoog-generalist"),
                            ("other", "een ander beroep"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("until", models.DateField(null=True)),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("register", "opgezocht in het register zelf"),
                            ("proof", "een bewijs gezien"),
                            ("partner", "gehoord van de organisatie"),
                            ("earlier", "stond er al"),
                        ],
                        max_length=8,
                    ),
                ),
                ("checked_on", models.DateField(null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("kept_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "kept_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
                (
                    "professional",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="people.professional",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("professional"),
                        models.F("register"),
                        models.F("other"),
                        models.F("profession"),
                        condition=models.Q(("ended_at", None), ("kept_at__isnull", False)),
                        name="one_registration_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kept_at", None), models.Q(("source", ""), _negated=True), _connector="OR"
                        ),
                        name="kept_registration_says_how_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposedExpertise",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("adds", models.BooleanField()),
                ("proposed_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
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
                    "expertise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.expertise"
                    ),
                ),
                (
                    "professional",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_expertises",
                        to="people.professional",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("professional"),
                        models.F("expertise"),
                        condition=models.Q(("answered_at", None)),
                        name="expertise_proposed_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="professional", name="registration"),
        migrations.RemoveField(model_name="professional", name="registration_until"),
    ]
