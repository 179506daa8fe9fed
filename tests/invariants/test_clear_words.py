"""What stands readable in the database: each text is sealed, locked, a choice, or here with a reason."""

from __future__ import annotations

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hendig.audit.models import LockedText
from hendig.keys.models.sealed import Sealed
from hendig.web.register import declared_models

TEXT = (models.CharField, models.TextField, models.BinaryField, models.JSONField)
FOUND_BY = "a name by which people are found, in lists and while typing"
CODE = "a code or a number from a list of ours"
PUBLIC = "on the board for everybody who signs in, without names, and written to be read there"
SIGN_IN = "somebody is found by it at the door"

# What may be read of a family by who has a copy of the database, and why that is so.
READABLE = {
    "families.Family.name": FOUND_BY,
    "families.Family.neighbourhood": "a part of the town, by which a neighbour is found; never an address",
    "families.FamilyMember.first_name": FOUND_BY,
    "families.FamilyMember.last_name": FOUND_BY,
    "families.NamePart.word": FOUND_BY,
    "families.NamePart.sound": FOUND_BY,
    "families.NamePart.head": FOUND_BY,
    "families.NamePart.tail": FOUND_BY,
    "families.CitizenNumber.found_by": "a hash with a key that is in no database: by it a number is found",
    "families.GpAsk.said": "a hash",
    "families.Invitation.code_hash": "a hash",
    "keys.CompartmentKey.wrapped": "a key, which a root key outside the database opens",
    "matching.Match.number": CODE,
    "matching.MatchTalk.exception": CODE,
    "rights.Destruction.keep": CODE,
    "tents.Piece.moved_before": "codes of places in a drawing, moments and identifiers",
    "rights.Residence.rule": CODE,
    "rights.Destruction.pieces": "tables and identifiers",
    "safety.Erasure.pieces": "tables and identifiers",
    "safety.LegalRequest.pieces": "kinds and identifiers of pieces, never what they say",
    "billing.InvoiceLine.code_name": "what a code of the municipality was called",
    "billing.InvoiceLine.findings": CODE,
    "billing.InvoiceLine.iv3_field": CODE,
    "billing.Original.sha256": "a hash",
    "billing.Original.sent_as": "a hash",
    "billing.Original.answered": "a hash",
    "billing.Original.kind": CODE,
    "opentent.Post.title": PUBLIC,
    "opentent.Post.text": PUBLIC,
    "opentent.Post.neighbourhood": PUBLIC,
    "opentent.Post.when": PUBLIC,
    "helprequests.Asked.email": "how often an address asked is counted by it; it lapses after a day",
    "people.Account.email": SIGN_IN,
    "people.Account.first_name": FOUND_BY,
    "people.Account.last_name": FOUND_BY,
    "people.Account.language": CODE,
    "people.RoleRequest.title": "what a function is called",
    "people.RoleRequest.can_do": "what an office says of the work of a professional",
    "people.RoleRequest.expertises": CODE,
    "people.Notice.code": CODE,
    "people.Notice.url": "a page by identifier",
    "people.Letter.to": "where it goes: the address that stands at the door as well; thirty days",
    "people.Letter.key": "identifiers",
    "people.Letter.subject": "words that say nothing of a case, the same for everybody",
    "people.SignInCode.code_hash": "a hash",
    "helprequests.Asked.code_hash": "a hash",
}
# Kinds of rows in which no family writes and nothing is written about one.
NOT_OF_FAMILIES = {
    "people.Municipality": "who the municipality is",
    "people.Principle": "what the municipality says of itself",
    "tents.Guide": "what the municipality says at every table, and nothing about one",
    "tents.Knowledge": "what the municipality finds good to know, and what it asks of whom it asks",
    "people.KnowledgeCard": "what the municipality finds good to know",
    "people.ServiceCode": "the codes of the municipality",
    "people.FormerCode": "what the codes of the municipality were called",
    "people.Expertise": "what can be asked for",
    "people.Partner": "an organisation",
    "directory.Card": "what a professional says of the own work",
    "directory.Portrait": "the face of a professional, shown to everybody who signs in",
    "people.Membership": "the function of who works here",
    "people.Registration": "the number under which anybody finds a professional in a public register",
    "people.Professional": "what a professional says of the work",
    "tents.RecurringTent": "when and in which building there are tents, for everybody",
    "billing.Invoice": "a number in the books",
    "billing.Pot": "what the municipality sets aside, and for whom in general",
    "billing.PaymentBatch": "what went to the bank: partners and amounts",
    "billing.MonthlyAmount": "what was agreed with a partner",
    "billing.Repayment": "what the bank calls a line by which a partner paid back",
    "billing.TurnedAway": "which file was not booked: a number in the books, a hash, and a sentence of ours",
    "connections.Connection": "what an office calls its system, and a hash",
    "billing.Payment": "what the bank said of an invoice: its number, days and codes",
    "billing.Journal": "what goes to the financial system: partners, codes and amounts",
    "billing.BankFile": "what the bank calls a file, and its fingerprint",
    "keys.BackupFile": "hashes, and where a file lies",
    "safety.Breach": "the register of breaches, written without names",
    "audit.Entry": "codes and identifiers; free text is refused when a line is written",
    "audit.Receipt": "an answer, locked with the key of its form, and where it led by identifier",
    "audit.Seal": "hashes",
    "audit.Tally": "a hash",
    "audit.Anchor": "a hash, in words",
}


def clear_columns() -> dict[str, models.Field[object, object]]:
    return {
        f"{model._meta.label}.{field.name}": field
        for model in declared_models()
        for field in model._meta.local_concrete_fields
        if is_text(field)
    }


def is_text(field: models.Field[object, object]) -> bool:
    if isinstance(field, Sealed | LockedText):
        return False
    one = field.base_field if isinstance(field, ArrayField) else field
    return isinstance(one, TEXT) and not one.choices


@pytest.mark.parametrize("column", sorted(clear_columns()))
def test_every_readable_text_has_a_reason(column: str) -> None:
    assert column in READABLE or column.rsplit(".", 1)[0] in NOT_OF_FAMILIES


def test_no_kind_of_row_with_a_wall_is_waved_through_as_a_whole() -> None:
    walled = {model._meta.label for model in declared_models() if hasattr(model, "wall")}
    assert not walled & set(NOT_OF_FAMILIES)


def test_the_reasons_are_for_columns_that_are_there() -> None:
    found = clear_columns()
    assert set(READABLE) <= set(found)
    assert {column.rsplit(".", 1)[0] for column in found} >= set(NOT_OF_FAMILIES)
