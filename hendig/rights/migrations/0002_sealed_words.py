"""What a family asks and is answered is sealed with the key of its compartment."""

import django.contrib.postgres.fields
from django.db import migrations, models

import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial"), ("keys", "0001_initial")]

    # What stood here in the clear goes with its column.
    operations = [
        migrations.RemoveField(model_name="application", name="child_name"),
        migrations.AddField(
            model_name="application",
            name="child_name",
            field=hendig.keys.models.sealed.SealedText(max_length=150, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="application", name="asker_name"),
        migrations.AddField(
            model_name="application",
            name="asker_name",
            field=hendig.keys.models.sealed.SealedText(max_length=150, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="application", name="words"),
        migrations.AddField(
            model_name="application",
            name="words",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=4000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="application", name="pgb_why"),
        migrations.AddField(
            model_name="application",
            name="pgb_why",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="application", name="pgb_who"),
        migrations.AddField(
            model_name="application",
            name="pgb_who",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="application", name="extension_reason"),
        migrations.AddField(
            model_name="application",
            name="extension_reason",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=500, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="continuation", name="to"),
        migrations.AddField(
            model_name="continuation",
            name="to",
            field=hendig.keys.models.sealed.SealedText(max_length=80, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="decision", name="what"),
        migrations.AddField(
            model_name="decision",
            name="what",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="decision", name="reasons"),
        migrations.AddField(
            model_name="decision",
            name="reasons",
            field=hendig.keys.models.sealed.SealedText(max_length=4000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="decision", name="paper"),
        migrations.AddField(
            model_name="decision",
            name="paper",
            field=hendig.keys.models.sealed.SealedBytes(default=b""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="destruction", name="reply"),
        migrations.AddField(
            model_name="destruction",
            name="reply",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="ownwords", name="words"),
        migrations.AddField(
            model_name="ownwords",
            name="words",
            field=hendig.keys.models.sealed.SealedText(max_length=4000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="ownwords", name="reply"),
        migrations.AddField(
            model_name="ownwords",
            name="reply",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="question", name="words"),
        migrations.AddField(
            model_name="question",
            name="words",
            field=hendig.keys.models.sealed.SealedText(max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="question", name="answer"),
        migrations.AddField(
            model_name="question",
            name="answer",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=4000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="residence", name="asked_from"),
        migrations.AddField(
            model_name="residence",
            name="asked_from",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=80, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="residence", name="other"),
        migrations.AddField(
            model_name="residence",
            name="other",
            field=hendig.keys.models.sealed.SealedText(blank=True, max_length=80, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="destruction",
            name="pieces",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), default=list, size=None
            ),
        ),
        migrations.AddField(model_name="destruction", name="done_at", field=models.DateTimeField(null=True)),
    ]
