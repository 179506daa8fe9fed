"""A photo is drawn anew: what one sees of it, and nothing that was written in it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from hendig.files.adapters.refused import Refused

# The sharpest phones make 64 million; a bomb says billions.
MOST_PIXELS = 65_000_000
# A letter that was photographed can still be read.
LONGEST_SIDE = 2400
QUALITY = 85


# Of a photo that stands upright the face is mostly above the middle.
FACE_AT = (0.5, 0.4)


def anew(content: bytes, kind: str, square: int = 0) -> bytes:
    """The picture as JPEG, upright: no place, no camera, no thumbnail, nothing after its end.

    With `square` the middle of it, so many pixels wide and high.
    """
    Image.MAX_IMAGE_PIXELS = None  # we judge by what the file says, before a pixel is unpacked
    if kind == "heic":
        from pi_heif import register_heif_opener  # noqa: PLC0415 - for the few that come from an iPhone

        register_heif_opener(thumbnails=False)
    with Image.open(BytesIO(content), formats=[kind if kind != "heic" else "heif"]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Refused("pixels")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        seen = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        if square:
            seen = ImageOps.fit(seen, (square, square), centering=FACE_AT)
        # On a sheet of our own: what else the file told stays with the file.
        sheet = Image.new("RGB", seen.size, "white")
        sheet.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    out = BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
