"""What a GP writes lies in a compartment of that GP; what another GP wrote is in another one."""

from django.db import migrations, models

OF_AN_AUTHOR = models.Q(
    models.Q(("author__isnull", False), ("kind", "own_note")),
    ("kind", "gp"),
    models.Q(models.Q(("kind", "own_note"), _negated=True), ("author", None)),
    _connector="OR",
)


class Migration(migrations.Migration):
    dependencies = [("families", "0009_own_family")]

    operations = [
        migrations.RemoveConstraint(model_name="compartment", name="compartment_of_an_author"),
        migrations.AddConstraint(
            model_name="compartment",
            constraint=models.CheckConstraint(condition=OF_AN_AUTHOR, name="compartment_of_an_author"),
        ),
    ]
