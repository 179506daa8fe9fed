"""How far the talk at a tent is, and what each there shows with one tap."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.kernel.ids
import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0008_gp"),
        ("people", "0007_service_code_in_ijw"),
        ("tents", "0005_prepared"),
    ]

    operations = [
        migrations.CreateModel(
            name="Talk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("began_at", models.DateTimeField()),
                ("phase_at", models.DateTimeField()),
                ("turn", models.PositiveSmallIntegerField(default=0)),
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talk", to="tents.tent"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Gesture",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hand", "wil iets zeggen"),
                            ("understood", "begrijpen we het zo goed"),
                            ("heard", "voelde zich gehoord"),
                        ],
                        max_length=10,
                    ),
                ),
                ("yes", models.BooleanField(default=True)),
                ("words", hendig.keys.models.sealed.SealedText(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("turn_at", models.DateTimeField(null=True)),
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
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="families.familymember",
                    ),
                ),
                (
                    "tent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gestures", to="tents.tent"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tent"), models.F("kind"), models.F("account"), name="one_gesture_of_a_kind"
                    ),
                    models.UniqueConstraint(
                        models.F("tent"), models.F("kind"), models.F("member"), name="one_gesture_of_a_member"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("account__isnull", False), ("member__isnull", False), _connector="OR"
                        ),
                        name="gesture_is_of_somebody",
                    ),
                ],
            },
        ),
    ]
