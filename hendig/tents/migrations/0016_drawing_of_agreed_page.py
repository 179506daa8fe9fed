"""The drawing as it was agreed to stays with the page; like its other texts it can be sealed again."""

from django.db import migrations

import hendig.keys.models.sealed

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_to_alter_an_agreed_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed text[] := '{%s}';
BEGIN
    IF TG_OP = 'UPDATE' AND hendig_by_itself() AND hendig_purpose() = 'seal'
        AND to_jsonb(NEW) - sealed = to_jsonb(OLD) - sealed
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an agreed page cannot be altered' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TEXTS = "question,understanding,goes_well,agreements,people"


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0015_who_was_there"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="drawing",
                field=hendig.keys.models.sealed.SealedText(blank=True, db_default="", default=""),
            )
            for name in ("page", "laterpage")
        ),
        migrations.RunSQL(FUNCTION % f"{TEXTS},drawing", FUNCTION % TEXTS),
    ]
