from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0016_authority_ended_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="familymember",
            name="invited_at",
            field=models.DateTimeField(null=True),
        ),
    ]
