"""An agreed page stays as it was agreed, and its keys can be replaced and its words destroyed all the same."""

from django.db import migrations

# Only by Hendig itself where it says so, and in the sealed texts alone: who agreed to what, and when, nobody alters. Without this the keys
# of a record with an agreed page could not be replaced, and no part of it be destroyed.
SEALED_AGAIN = """
CREATE OR REPLACE FUNCTION refuse_to_alter_an_agreed_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed text[] := '{question,understanding,goes_well,agreements,people}';
BEGIN
    IF TG_OP = 'UPDATE' AND hendig_by_itself() AND hendig_purpose() = 'seal'
        AND to_jsonb(NEW) - sealed = to_jsonb(OLD) - sealed
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an agreed page cannot be altered' USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0013_seen_otherwise"),
    ]

    operations = [migrations.RunSQL(SEALED_AGAIN, migrations.RunSQL.noop)]
