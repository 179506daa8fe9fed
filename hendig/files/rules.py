"""What may be brought, and why not: told by what is in a file, never by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal, Words

PDF, XML, UBL, TEXT, XLSX = "pdf", "xml", "ubl", "csv", "xlsx"
# Not made anew: what it says counts to the byte. Who takes it reads it in a process of its own, as data, and
# never gives it out as a page.
AS_IT_IS = frozenset({UBL, TEXT, XLSX})
PHOTOS = frozenset({"jpeg", "png", "webp", "heic"})
_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\r")
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# A message says that it is XML, or begins with its element; a picture or a page of the web does neither.
MESSAGE = re.compile(rb"\s{0,100}<(\?xml\s|([\w.-]{1,20}:)?Document[\s>])")
MEDIA_TYPES = {
    PDF: "application/pdf",
    XML: "application/xml,text/xml,.xml",
    UBL: "application/xml,text/xml,.xml",
    TEXT: "text/csv,.csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,.xlsx",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
}


@dataclass(frozen=True, slots=True)
class Welcome:
    """Which files a form takes, how large, and the sentence for one of another kind."""

    kinds: frozenset[str]
    megabytes: int
    otherwise: Refusal
    # For a face: cut to a square of so many pixels. 0 keeps the shape that it has.
    square: int = 0

    @property
    def most_bytes(self) -> int:
        return self.megabytes * 1_000_000

    @property
    def accept(self) -> str:
        return ",".join(media for kind, media in MEDIA_TYPES.items() if kind in self.kinds)


LETTER = Welcome(
    frozenset({PDF}),
    5,
    Refusal("file.no_pdf", _("Dit is geen pdf. Bewaar de brief als pdf en kies hem opnieuw.")),
)
FACE = Welcome(
    PHOTOS,
    15,
    Refusal("file.no_photo", _("Dit is geen foto. Een jpg, png, webp of heic kan wel.")),
    square=240,
)
PHOTO_OR_LETTER = Welcome(
    PHOTOS | {PDF},
    15,
    Refusal(
        "file.unwelcome",
        _("Dit soort bestand kunnen wij niet bewaren. Een foto (jpg, png, webp of heic) of een pdf kan wel."),
    ),
)


EINVOICE = Welcome(
    frozenset({UBL}),
    5,
    Refusal(
        "file.no_xml",
        _("Dit is geen e-factuur. Een e-factuur is een XML-bestand (UBL), geen pdf, zip of webpagina."),
    ),
)


SPREADSHEET = Welcome(
    frozenset({TEXT, XLSX}),
    5,
    Refusal(
        "file.no_sheet",
        _(
            "Dit is geen rekenblad, of er zit een wachtwoord op. Bewaar het zonder wachtwoord als XLSX of"
            " CSV en kies het opnieuw."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that came in by the one way: scanned, looked into, and made anew. Nothing else is ever kept.

    What is `AS_IT_IS` was scanned and recognised only.
    """

    content: bytes
    is_photo: bool


def kind_of(content: bytes) -> str:
    """What kind of file it is, by its first bytes; empty for one that nobody takes."""
    kinds = {
        PDF: content.startswith(b"%PDF-"),
        "jpeg": content.startswith(b"\xff\xd8\xff"),
        "png": content.startswith(b"\x89PNG\r\n\x1a\n"),
        "webp": content[:4] == b"RIFF" and content[8:12] == b"WEBP",
        "heic": content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS,
        XLSX: content.startswith(b"PK\x03\x04"),
        XML: MESSAGE.match(content.removeprefix(b"\xef\xbb\xbf")) is not None,
    }
    return next((kind for kind, holds in kinds.items() if holds), "")


def kind_for(content: bytes, welcome: Welcome) -> str:
    """The kind, where data may be welcome too: what is no file of another kind can be that."""
    # Also with a mark of its encoding before it, or in UTF-16.
    if UBL in welcome.kinds and content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0\t\n\r ").startswith(b"<"):
        return UBL
    # Nothing in it that only programs write.
    is_text = TEXT in welcome.kinds and not _NO_TEXT.intersection(content[:65_536])
    return kind_of(content) or (TEXT if is_text else "")


def why_not_this_size(size: int, welcome: Welcome) -> Refusal | None:
    if size == 0:
        return Refusal("file.empty", _("Dit bestand is leeg."))
    if size > welcome.most_bytes:
        return Refusal("file.large", TOO_LARGE[welcome.megabytes])
    return None


TOO_LARGE: dict[int, Words] = {
    5: _("Dit bestand is te groot. Het mag 5 MB zijn."),
    15: _("Dit bestand is te groot. Het mag 15 MB zijn."),
}


def why_not_this_kind(kind: str, welcome: Welcome) -> Refusal | None:
    return None if kind in welcome.kinds else welcome.otherwise


def why_not_with_virus(virus: str) -> Refusal | None:
    if not virus:
        return None
    return Refusal(
        "file.virus",
        _("In dit bestand zit een virus. Wij hebben het niet bewaard. Laat iemand uw apparaat nakijken."),
    )


NOT_SCANNED = Refusal(
    "file.not_scanned",
    _("Wij kunnen bestanden nu niet nakijken. Probeer het later opnieuw, of stuur het zonder bestand."),
)
BUSY = Refusal("file.busy", _("Het is nu druk met bestanden. Probeer het over een minuut nog eens."))

# What was found when it was opened (`adapters/inside.py`).
FOUND: dict[str, Words] = {
    "doctype": _("In dit bestand staat een verwijzing naar elders. Dat openen wij niet."),
    "deep": _("Dit bestand wordt bij het openen veel te groot."),
    "locked": _("Deze pdf zit op slot. Bewaar hem zonder wachtwoord."),
    "long": _("Deze pdf heeft te veel bladzijden. Het mogen er 40 zijn."),
    "active": _("In deze pdf zit iets dat kan draaien of een bijlage. Bewaar alleen de brief."),
    "bomb": _("Deze pdf wordt bij het openen veel te groot. Bewaar de brief opnieuw als pdf."),
    "pixels": _("Deze foto heeft te veel beeldpunten. Maak hem kleiner, of maak een nieuwe foto."),
}


def why_not_as_found(no: str, kind: str) -> Refusal | None:
    """Why a file is not kept, by what was found in it."""
    if not no:
        return None
    return Refusal(f"file.{no}", FOUND.get(no, BROKEN.get(kind, BROKEN["jpeg"])))


BROKEN: dict[str, Words] = {
    PDF: _("Deze pdf gaat niet open. Bewaar de brief opnieuw als pdf."),
    XML: _("Dit bestand gaat niet open: het is niet heel. Haal het opnieuw op."),
    "jpeg": _("Deze foto gaat niet open. Kies een andere foto, of maak een nieuwe."),
}
