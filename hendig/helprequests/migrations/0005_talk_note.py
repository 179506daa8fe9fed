"""The note of the first talk is a row of its own, which the walls hold from whom it is not told to."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids
import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0015_taken_back_tie"),
        ("helprequests", "0004_note_about"),
        ("people", "0013_auditor"),
    ]

    # What stood beside the question is sealed for its column, and goes with it.
    operations = [
        migrations.CreateModel(
            name="TalkNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("outside", models.BooleanField(db_default=False, default=False)),
                ("words", hendig.keys.models.sealed.SealedText(max_length=300)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="helprequest",
            name="note_about_one",
        ),
        migrations.RemoveField(
            model_name="helprequest",
            name="about",
        ),
        migrations.RemoveField(
            model_name="helprequest",
            name="note",
        ),
        migrations.RemoveField(
            model_name="helprequest",
            name="outside",
        ),
        migrations.AddField(
            model_name="talknote",
            name="about",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.familymember",
            ),
        ),
        migrations.AddField(
            model_name="talknote",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
            ),
        ),
        migrations.AddField(
            model_name="talknote",
            name="compartment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.compartment"
            ),
        ),
        migrations.AddField(
            model_name="talknote",
            name="family",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="families.family"
            ),
        ),
        migrations.AddField(
            model_name="talknote",
            name="request",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="talk_note",
                to="helprequests.helprequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="talknote",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", None), ("outside", False), _connector="OR"),
                name="talk_note_about_one",
            ),
        ),
    ]
