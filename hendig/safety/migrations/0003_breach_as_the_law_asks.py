"""The register of breaches holds what the law asks, and what is added later is a row beside the first."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("safety", "0002_part_destroyed"),
    ]

    operations = [
        migrations.AddField(
            model_name="breach",
            name="abroad",
            field=models.CharField(
                blank=True,
                choices=[("no", "nee, alleen in Nederland"), ("yes", "ja, ook in een ander land van de EU")],
                db_default="",
                default="",
                max_length=3,
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="abroad_where",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="breach",
            name="concerned",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("children", "kinderen en jongeren"),
                        ("parents", "ouders en verzorgers"),
                        ("around", "anderen rond het gezin"),
                        ("workers", "mensen die hier werken of helpen"),
                    ],
                    max_length=8,
                ),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="contact",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="breach",
            name="data_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("names", "namen en geboortedata"),
                        ("contact", "adres, telefoon of e-mail"),
                        ("number", "burgerservicenummer"),
                        ("shared", "wat gezin en helpers samen weten: de vraag, het plan, de tent"),
                        ("child", "wat een kind apart vertelt"),
                        ("parent", "wat over een ouder zelf gaat"),
                        ("safety", "wat over veiligheid gaat"),
                        ("gp", "wat een huisarts schrijft: gezondheid"),
                        ("address", "waar iemand woont die dat geheim houdt"),
                        ("own_note", "eigen aantekeningen van beroepskrachten"),
                        ("finance", "uren en bedragen"),
                        ("files", "foto's en documenten"),
                        ("sign_in", "gegevens om aan te melden"),
                    ],
                    max_length=9,
                ),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="families",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="breach",
            name="first",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="safety.breach",
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="late_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="breach",
            name="nature",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("seen", "iemand zag of kreeg wat niet mocht"),
                        ("changed", "er is iets veranderd wat niet mocht"),
                        ("gone", "gegevens zijn weg, of niet te bereiken"),
                    ],
                    max_length=7,
                ),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="not_reported_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="breach",
            name="not_told",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_high_risk", "er is geen hoog risico voor hen"),
                    ("unreadable", "niemand kan de gegevens lezen: ze zijn versleuteld"),
                    ("taken_away", "het risico is daarna weggenomen"),
                    ("public", "één voor één kan niet: we zeggen het in het openbaar"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="not_told_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="breach",
            name="of_record_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="breach",
            name="people_about",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="breach",
            name="records_about",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="breach",
            name="reference",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="breach",
            name="reported_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="breach",
            name="told_on",
            field=models.DateField(null=True),
        ),
    ]
