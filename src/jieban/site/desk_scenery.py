"""Photographs that the demonstration's clerks took: a street lamp at night, dark and then lit. Drawn, so nobody's."""

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

_SIZE: Final = (1280, 960)
_HORIZON: Final = 640
_LAMP: Final = (880, 220)


def street_lamp(*, lit: bool, seed: int) -> bytes:
    """A JPEG of a street at dusk with a lamp that is out or lit; another `seed` is another street."""
    width, height = _SIZE
    picture = Image.new("RGB", _SIZE)
    brush = ImageDraw.Draw(picture)
    for y in range(_HORIZON):
        depth = y / _HORIZON
        brush.line((0, y, width, y), fill=(int(18 + 40 * depth), int(26 + 44 * depth), int(52 + 50 * depth)))
    for at in range(0, width, 160):
        tall = 180 + (at * 7 + seed * 53) % 190
        brush.rectangle((at, _HORIZON - tall, at + 150, _HORIZON), fill=(24, 28, 40))
        for row in range(2, tall // 40):
            for column in range(3):
                if (at // 160 + row * 3 + column * 5 + seed) % 4 == 0:
                    left, top = at + 18 + column * 42, _HORIZON - tall + row * 36
                    brush.rectangle((left, top, left + 22, top + 20), fill=(196, 170, 110))
    brush.rectangle((0, _HORIZON, width, height), fill=(44, 46, 52))
    brush.polygon(((180, height), (1100, height), (760, _HORIZON), (600, _HORIZON)), fill=(58, 60, 68))
    for step in range(6):
        top = _HORIZON + 20 + step * step * 9
        brush.rectangle((652 - step * 4, top, 664 + step * 3, top + 8 + step * 5), fill=(170, 170, 164))
    x, y = _LAMP
    brush.rectangle((x + 96, y, x + 108, height - 130), fill=(86, 92, 100))
    brush.line((x + 102, y, x, y + 16), fill=(86, 92, 100), width=10)
    brush.ellipse((x - 34, y + 4, x + 34, y + 38), fill=(250, 236, 190) if lit else (60, 62, 66))
    if lit:
        glow = Image.new("L", _SIZE)
        light = ImageDraw.Draw(glow)
        light.ellipse((x - 120, y - 100, x + 120, y + 140), fill=190)
        light.polygon(((x - 20, y + 20), (x + 20, y + 20), (x + 330, height), (x - 330, height)), fill=110)
        warm = Image.new("RGB", _SIZE, (255, 226, 160))
        picture = Image.composite(warm, picture, glow.filter(ImageFilter.GaussianBlur(60)))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=82)
    return file.getvalue()
