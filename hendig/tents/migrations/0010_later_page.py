"""A later version of the page that remains; what was agreed to is never altered."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids
import hendig.keys.models.sealed

FROZEN = """
CREATE TRIGGER agreed_page_stays BEFORE UPDATE OR DELETE ON tents_laterpage
    FOR EACH ROW WHEN (OLD.stage = 'agreed') EXECUTE FUNCTION refuse_to_alter_an_agreed_page();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0011_gp_asks"),
        ("tents", "0009_analysis"),
    ]

    operations = [
        migrations.CreateModel(
            name="LaterPage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("question", hendig.keys.models.sealed.SealedText()),
                ("understanding", hendig.keys.models.sealed.SealedText(blank=True)),
                ("goes_well", hendig.keys.models.sealed.SealedText(blank=True)),
                ("agreements", hendig.keys.models.sealed.SealedText(blank=True)),
                ("people", hendig.keys.models.sealed.SealedText(blank=True)),
                ("until_on", models.DateField(null=True)),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                (
                    "stage",
                    models.CharField(
                        choices=[("draft", "concept"), ("agreed", "akkoord")], default="draft", max_length=8
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(null=True)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.familymember",
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
                        related_name="later_pages",
                        to="tents.tent",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage", "draft"),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreed_later_page_says_by_whom",
                    ),
                    models.UniqueConstraint(
                        models.F("tent"), models.F("number"), name="later_page_version_once"
                    ),
                    models.UniqueConstraint(
                        models.F("tent"),
                        condition=models.Q(("stage", "draft")),
                        name="one_later_page_in_the_making",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
