"""Files that somebody could bring, made here: good ones, and hostile ones of every kind we could think of."""

from __future__ import annotations

import base64
import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

# Not in one piece here either, or a scanner would take this file for the virus that it is not.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
# Where the photo was taken: nobody may find any of it afterwards.
PLACE = (51.4416, 5.4697)
CAMERA = "Kamera van Sanne"


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (320, 200), *, orientation: int = 1) -> bytes:
    """Red above, blue below, with the place, the camera and a comment in it as a phone writes them."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, size[0], size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, CAMERA, "Sanne de Wit"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (51.0, 26.0, 29.76)
    place[3], place[4] = "E", (5.0, 28.0, 10.92)
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><gps>{PLACE}</gps>{CAMERA}</x:xmpmeta>'.encode()
    out = BytesIO()
    more = {"xmp": xmp} if kind in {"JPEG", "WEBP"} else {}
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_png_bomb(side: int = 50_000) -> bytes:
    """It says 2.5 billion pixels, in a few kilobytes."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(4_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def a_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("lees-mij.html", "<script>alert(1)</script>")
    return out.getvalue()


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def a_paper_that_tells(photo: bytes = b"") -> bytes:
    """A PDF with who made it in three places, and perhaps a photo with its place in it."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Sanne de Wit", "/Title": "Thuis, Dorpsstraat 1"})
    writer.xmp_metadata = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Sanne de Wit</x:xmpmeta>'
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/Word"): TextStringObject("Sanne de Wit")})
    if photo:
        drawn = StreamObject()
        drawn.set_data(photo)
        for name, value in {"/Type": "/XObject", "/Subtype": "/Image", "/Filter": "/DCTDecode"}.items():
            drawn[NameObject(name)] = NameObject(value)
        drawn[NameObject("/Width")], drawn[NameObject("/Height")] = NumberObject(320), NumberObject(200)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): DictionaryObject({NameObject("/P"): writer._add_object(drawn)})}
        )
    return written(writer)


def a_paper_with(data: bytes, *filters: str, **more: int) -> bytes:
    """A PDF of one page whose stream is packed by these filters, as it lies."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    stream = DecodedStreamObject()
    stream.set_data(data)
    stream[NameObject("/Filter")] = ArrayObject([NameObject(name) for name in filters])
    for name, value in more.items():
        stream[NameObject(f"/{name}")] = NumberObject(value)
    page[NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def a_paper_that_points(name: str, value: str) -> bytes:
    """A PDF whose page has an action of which one name stands elsewhere and is pointed at."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    action = DictionaryObject({NameObject("/F"): TextStringObject("x")})
    action[NameObject(name)] = writer._add_object(NameObject(value))
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    return written(writer)


def packed(length: int) -> bytes:
    """So many zeros, in a thousandth of the room."""
    press, piece = zlib.compressobj(9), bytes(1 << 20)
    made = b"".join(press.compress(piece) for _ in range(length >> 20))
    return made + press.flush()


def half_a_gigabyte() -> bytes:
    return a_paper_with(packed(500 << 20), "/FlateDecode")


def packed_twice() -> bytes:
    return a_paper_with(zlib.compress(packed(200 << 20), 9), "/FlateDecode", "/FlateDecode")


def packed_by_a_name_that_stands_elsewhere() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    stream = DecodedStreamObject()
    stream.set_data(packed(500 << 20))
    stream[NameObject("/Filter")] = ArrayObject([writer._add_object(NameObject("/FlateDecode"))])
    page[NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def a_picture_without_end() -> bytes:
    return a_paper_with(b"\xff\xd8", "/JPXDecode", Width=50_000, Height=50_000)


PAPERS_THAT_EXPLODE = (
    half_a_gigabyte,
    packed_twice,
    packed_by_a_name_that_stands_elsewhere,
    a_picture_without_end,
)

# A photo as an iPhone makes it, of 128 by 96, with place and camera: no library here can make one.
HEIC = """
0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0004(ZDn*}000000000XXk=`10000000000aA{+700000000000000000000G
-+&aV*mgE07O6l0ssL300001y8r<I00000001oj0ssI200HO#0RR9100000r~m)}IB98aW&i*H00062000$fZf0cy000000R
RAKc4ILB0000LX>Mj^0ssI300IC2MR;ju000004sdC7Z2$lO00031007o$aB^?}006gXaAR)(004Msc4I>U18@KU0FVFx000
0U@BsY%`1k+-4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096iLID8-
Z~y=U0FVFx0{{R603M(aAYo;?l1givfQEwt00093G5`Pr00IzV00968L;=Baup&SJ000wXZ)|dIV{CW;0RRmE27mwn02FC+a
Ag1h000000Du4h0AK(B01$9#cxeCt0009B2nYZG02gU+ZD9Za00000009621c3qr1ONa48fkK6W&i*H000004r63<V*mmG0R
RC2007->WMOmw001c{0k0W=_k4vn|M;PY{%czQufdb!&~N{6Yp<<Pzu~0a*)5|}-
^?w@00006MR;ju002!*04e|g00;mA0S^EI0000H0000ch$R37000010000u00000OJQwga$z8LVQwH(VQy|^000040096300
002P5=M^00IC7000030001P00RI500002MF0Q*00aO9000030001n000000000p000010000Q000010008$0000P00005000
010000S000010003I0000P
"""


def an_iphone_photo() -> bytes:
    return base64.b85decode(HEIC.replace("\n", ""))
