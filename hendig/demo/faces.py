"""Drawn faces for the demo: nobody's, the same for the same name each time, and a photo like any other."""

from __future__ import annotations

import hashlib
import struct
import zlib

Colour = tuple[int, int, int]
SIDE = 360
GROUNDS: tuple[Colour, ...] = (
    (205, 222, 214),
    (224, 213, 196),
    (206, 216, 232),
    (231, 209, 203),
    (220, 222, 199),
)
SKINS: tuple[Colour, ...] = ((247, 217, 193), (233, 190, 154), (205, 152, 111), (158, 106, 72), (112, 72, 50))
HAIRS: tuple[Colour, ...] = (
    (52, 38, 30),
    (98, 66, 40),
    (170, 120, 66),
    (206, 170, 110),
    (150, 150, 152),
    (150, 70, 42),
)
CLOTHES: tuple[Colour, ...] = (
    (46, 84, 92),
    (140, 62, 56),
    (72, 78, 120),
    (86, 110, 64),
    (170, 120, 50),
    (70, 70, 76),
)
INK: Colour = (46, 36, 34)
LIPS: Colour = (176, 92, 84)


class Sheet:
    """A sheet of colours, a row at a time."""

    def __init__(self, ground: Colour) -> None:
        self.rows = [bytearray(bytes(ground) * SIDE) for _ in range(SIDE)]

    def oval(
        self, x: float, y: float, wide: float, high: float, colour: Colour, *, below: float = -1
    ) -> None:
        """An oval around a point, in hundredths of the sheet; of it only what lies `below` that height."""
        for row in range(SIDE):
            height = (row + 0.5) * 100 / SIDE
            share = 1 - ((height - y) / high) ** 2
            if share <= 0 or height < below:
                continue
            half = wide * share**0.5
            left, right = (max(0, min(SIDE, round(side * SIDE / 100))) for side in (x - half, x + half))
            self.rows[row][left * 3 : right * 3] = bytes(colour) * (right - left)

    def png(self) -> bytes:
        body = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 6)
        head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def face(name: str) -> bytes:
    """The face that goes with this name, as a PNG."""
    chance = hashlib.sha256(name.encode()).digest()
    ground, skin, hair, cloth = (
        colours[chance[at] % len(colours)] for at, colours in enumerate((GROUNDS, SKINS, HAIRS, CLOTHES))
    )
    long, glasses, fringe = chance[4] % 2, chance[5] % 3 == 0, chance[6] % 2
    sheet = Sheet(ground)
    if long:
        sheet.oval(50, 50, 27, 34, hair)
    sheet.oval(50, 108, 42, 32, cloth)
    sheet.oval(50, 76, 9, 14, _darker(skin))
    sheet.oval(50, 36, 24, 25, hair)
    for side in (-1, 1):
        sheet.oval(50 + side * 21.5, 48, 4, 5.5, _darker(skin))
    sheet.oval(50, 47, 21, 26, skin)
    sheet.oval(50 - 6 * fringe, 27, 20, 8, hair)
    for side in (-1, 1):
        if glasses:
            sheet.oval(50 + side * 8.5, 47, 7, 6.5, INK)
            sheet.oval(50 + side * 8.5, 47, 5.8, 5.3, skin)
        sheet.oval(50 + side * 8.5, 47, 1.9, 2.4, INK)
        sheet.oval(50 + side * 8.5, 40.5, 5, 1, hair)
    sheet.oval(50, 54.5, 2.4, 1.4, _darker(skin))
    sheet.oval(50, 60, 8, 5, LIPS, below=61)
    return sheet.png()


def _darker(colour: Colour) -> Colour:
    red, green, blue = (part * 88 // 100 for part in colour)
    return red, green, blue


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
