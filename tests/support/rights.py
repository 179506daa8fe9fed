"""Applications for a decision, made by the real actions, and letters to look into."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from hendig.rights import actions
from hendig.rights.models import Application
from tests.support.matching import THIRTEEN, Household, household
from tests.support.world import World

SMALL = date(2018, 5, 4)
SEVENTEEN = date(2009, 5, 4)


def applied(world: World, house: Household | None = None, who: str = "sanne", **more: object) -> Application:
    """Somebody of the family asked a decision about its child."""
    house = house or household(world)
    given: dict[str, object] = {"family_id": house.family_id, "child_id": house.child.pk, "at": world.at}
    return actions.apply(actor=world.actor(who), **(given | more))  # type: ignore[arg-type]


def taken_up(world: World, application: Application, who: str = "bram") -> Application:
    """A coach who does not guide the family decides on it."""
    return actions.take_up(actor=world.actor(who), application_id=application.pk, at=world.at)


def text_of(paper: bytes) -> str:
    """What one reads in a PDF, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())


def a_pdf(*, pages: int = 1, script: str = "", password: str = "", carries: bytes = b"") -> bytes:
    """A small PDF of empty pages, perhaps with what should not be in it."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    if script:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(name): value for name, value in action.items()}
        )
    if carries:
        writer.add_attachment("bijlage.exe", carries)
    if password:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


__all__ = ["SEVENTEEN", "SMALL", "THIRTEEN", "a_pdf", "applied", "taken_up", "text_of"]
