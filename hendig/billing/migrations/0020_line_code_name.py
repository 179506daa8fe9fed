from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0019_set_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="code_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
    ]
