"""How it hangs together: what led to something is an influence that makes it worse, and has a row of its own."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids
import hendig.keys.models.sealed

# The owner reads past the walls for as long as this takes, and stands before them again. The voice is that of the
# cause: a text is sealed for its own column, and cannot be copied. The identifier is that of the cause too, for
# each cause had one effect, and it tells when that was said.
INFLUENCES = """
ALTER TABLE tents_piece NO FORCE ROW LEVEL SECURITY;
UPDATE tents_piece SET place = 'child' WHERE kind IN ('factor', 'goes_well') AND place = '';
INSERT INTO tents_influence (id, municipality_id, compartment_id, family_id, tent_id, cause_id, effect_id, sign,
    author_id, voice, at, removed_at, removed_by_id)
SELECT c.id, c.municipality_id, c.compartment_id, c.family_id, c.tent_id, c.id, e.id, 'worse', c.author_id, '', c.at,
    LEAST(c.removed_at, e.removed_at), NULL
FROM tents_piece c JOIN tents_piece e ON e.id = c.leads_to_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE tents_piece FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0008_gp"),
        ("people", "0007_service_code_in_ijw"),
        ("tents", "0008_guide"),
    ]

    operations = [
        migrations.AddField(
            model_name="piece",
            name="moved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="piece",
            name="moved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
            ),
        ),
        migrations.AddField(
            model_name="piece",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("helped", "dat hielp"),
                    ("partly", "dat hielp een beetje"),
                    ("not", "dat hielp niet"),
                ],
                default="",
                db_default="",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="piece",
            name="place",
            field=models.CharField(
                blank=True,
                choices=[
                    ("child", "het kind"),
                    ("parents", "de ouders"),
                    ("family", "ons gezin"),
                    ("school", "school"),
                    ("helpers", "de hulp zelf"),
                    ("around", "om ons heen"),
                ],
                default="",
                db_default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="piece",
            name="removed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
            ),
        ),
        migrations.AddField(
            model_name="piece",
            name="was_place",
            field=models.CharField(
                blank=True,
                choices=[
                    ("child", "het kind"),
                    ("parents", "de ouders"),
                    ("family", "ons gezin"),
                    ("school", "school"),
                    ("helpers", "de hulp zelf"),
                    ("around", "om ons heen"),
                ],
                default="",
                db_default="",
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="Influence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                (
                    "sign",
                    models.CharField(
                        choices=[
                            ("worse", "maakt erger"),
                            ("keeps", "houdt in stand"),
                            ("softens", "maakt lichter"),
                            ("protects", "beschermt tegen"),
                        ],
                        max_length=8,
                    ),
                ),
                ("voice", hendig.keys.models.sealed.SealedText(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leads_to", to="tents.piece"
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
                    "effect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="because", to="tents.piece"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.family"
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
                (
                    "tent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="influences",
                        to="tents.tent",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["tent", "id"], name="influences_of_tent")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("cause"),
                        models.F("effect"),
                        condition=models.Q(("removed_at", None)),
                        name="one_influence_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                (
                    "view",
                    models.CharField(
                        choices=[
                            ("agree", "mee eens"),
                            ("differ", "ik zie het anders"),
                            ("first", "dit eerst"),
                        ],
                        max_length=6,
                    ),
                ),
                ("text", hendig.keys.models.sealed.SealedText(blank=True, max_length=300)),
                ("voice", hendig.keys.models.sealed.SealedText(max_length=60)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "author",
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
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.family"
                    ),
                ),
                (
                    "piece",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="tents.piece"
                    ),
                ),
                (
                    "tent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="tents.tent"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["tent", "id"], name="remarks_of_tent")],
            },
        ),
        migrations.RunSQL(INFLUENCES, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="piece",
            name="leads_to",
        ),
    ]
