"""Seeing a line of the drawing otherwise, and a line of the page that remains."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids
import hendig.keys.models.sealed

# With the page to which the family agreed stays who saw it otherwise. Only Hendig itself goes past it, and to the texts
# alone: one that is destroyed is gone, and what is left is sealed again.
STAYS = """
CREATE FUNCTION refuse_to_alter_a_remark_on_an_agreed_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND hendig_by_itself() AND hendig_purpose() = 'seal'
        AND to_jsonb(NEW) - '{line,text,voice}'::text[] = to_jsonb(OLD) - '{line,text,voice}'::text[]
    THEN
        RETURN NEW;
    END IF;
    IF (
        EXISTS (SELECT FROM tents_page p WHERE OLD.number = 1 AND p.tent_id = OLD.tent_id AND p.stage = 'agreed')
        OR EXISTS (SELECT FROM tents_laterpage p
            WHERE p.tent_id = OLD.tent_id AND p.number = OLD.number AND p.stage = 'agreed')
    ) THEN
        RAISE EXCEPTION 'what stands beside an agreed page cannot be altered' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER remark_on_agreed_page_stays BEFORE UPDATE OR DELETE ON tents_pageremark
    FOR EACH ROW EXECUTE FUNCTION refuse_to_alter_a_remark_on_an_agreed_page();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0011_gp_asks"),
        ("people", "0007_service_code_in_ijw"),
        ("tents", "0012_nameless"),
    ]

    operations = [
        migrations.AddField(
            model_name="remark",
            name="effect",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tents.piece"
            ),
        ),
        migrations.CreateModel(
            name="PageRemark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("question", "Onze vraag"),
                            ("understanding", "Wat we begrijpen"),
                            ("goes_well", "Wat goed gaat"),
                            ("agreements", "Wat we afspreken"),
                            ("people", "Wie er waren"),
                        ],
                        max_length=13,
                    ),
                ),
                ("line", hendig.keys.models.sealed.SealedText()),
                ("text", hendig.keys.models.sealed.SealedText(max_length=300)),
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
                    "tent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="page_remarks",
                        to="tents.tent",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["tent", "number"], name="remarks_of_page")],
            },
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
