"""Photographs that the demonstration's clerks took, before and after: drawn by code, so nobody's.

Each shows what its order is about; what can't be seen is shown by the form that was filled in on the spot.
"""

import io
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zlib import crc32

from PIL import Image, ImageDraw, ImageFilter

from jieban.site.desk_papers import form

_SIZE: Final = (1024, 768)
_WIDTH, _HEIGHT = _SIZE
_HORIZON: Final = 330
_KERB: Final = 520
_VARIANTS: Final = 4
_FORM: Final = "form"
_STEP: Final = 24
_INK: Final = (38, 52, 92)

Colour = tuple[int, int, int]


class Scenery:
    """The scenes of a script: which words of a request each of them shows, and the form for all others."""

    def __init__(self, script: Mapping[str, Any]) -> None:
        self._scenes: Sequence[Mapping[str, Any]] = script["scenes"]
        self._form: Mapping[str, Any] = script["form"]
        self._drawn: dict[tuple[str, bool, int, int], bytes] = {}

    def scene_of(self, content: str) -> str | None:
        """Which scene shows what is asked: the first that has one of its words; None where none has."""
        fit = (str(each["shows"]) for each in self._scenes if any(word in content for word in each["words"]))
        return next(fit, None)

    def picture(self, content: str, *, done: bool, seed: str, again: int = 0) -> bytes:
        """A JPEG of what a request is about, as it was or is once dealt with; another `seed` is another street.

        `again` is how often it was taken before: from a step nearer each time.
        """
        key = self.scene_of(content) or _FORM, done, crc32(seed.encode()) % _VARIANTS, again
        if key not in self._drawn:
            dice = random.Random(f"{key[0]}/{key[2]}")  # noqa: S311  # a drawing
            picture = self._filled(dice, done=done) if key[0] == _FORM else SCENES[key[0]](dice, done)
            near = again * _STEP
            picture = picture.crop((near, near, _WIDTH - near, _HEIGHT - near))
            file = io.BytesIO()
            picture.convert("RGB").save(file, "JPEG", quality=82)
            self._drawn[key] = file.getvalue()
        return self._drawn[key]

    def _filled(self, dice: random.Random, *, done: bool) -> Image.Image:
        """The form on a desk, with a few lines of writing, or with all of them."""
        with Image.open(io.BytesIO(form(self._form["title"], self._form["rows"]))) as empty:
            sheet = empty.convert("RGBA")
        brush = ImageDraw.Draw(sheet)
        for top, lines in ((142, 1), (191, 1), (240, 1), (302, 3), (476, 3 if done else 0), (636, int(done))):
            for line in range(lines):
                _write(brush, 200, top + line * 44, dice.randint(130, 270), dice)
        desk = Image.new("RGB", _SIZE, (126, 98, 74))
        grain = ImageDraw.Draw(desk)
        for y in range(0, _HEIGHT, 7):
            shade = dice.randint(-9, 9)
            grain.line(
                (0, y, _WIDTH, y + dice.randint(-3, 3)), fill=(126 + shade, 98 + shade, 74 + shade), width=7
            )
        sheet.putalpha(255)
        turned = sheet.rotate(dice.uniform(-5, 5), Image.Resampling.BICUBIC, expand=True)
        at = (_WIDTH - turned.width) // 2, (_HEIGHT - turned.height) // 2
        desk.paste(turned, at, turned)
        return desk


def _write(brush: ImageDraw.ImageDraw, left: int, base: int, width: int, dice: random.Random) -> None:
    """What looks like handwriting from where one stands."""
    x = float(left)
    while x < left + width:
        points = [(x + dice.uniform(0, 15), base + dice.uniform(-10, 10)) for _ in range(5)]
        brush.line(points, fill=_INK, width=2, joint="curve")
        x += dice.uniform(19, 24)


def _street(dice: random.Random) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A street by day: sky, a row of houses, pavement, kerb and roadway."""
    picture = Image.new("RGB", _SIZE)
    brush = ImageDraw.Draw(picture)
    for y in range(_HORIZON):
        depth = y / _HORIZON
        brush.line(
            (0, y, _WIDTH, y), fill=(int(150 + 62 * depth), int(188 + 36 * depth), int(220 + 14 * depth))
        )
    x = -dice.randint(0, 60)
    while x < _WIDTH:
        wide, tall = dice.randint(150, 230), dice.randint(150, 270)
        wall: Colour = dice.choice([(214, 200, 180), (198, 182, 166), (206, 206, 200), (222, 208, 176)])
        brush.rectangle((x, _HORIZON - tall, x + wide, _HORIZON + 40), fill=wall)
        for row in range(tall // 56):
            for column in range(wide // 52):
                left, top = x + 18 + column * 52, _HORIZON - tall + 18 + row * 56
                brush.rectangle(
                    (left, top, left + 28, top + 34), fill=(112, 132, 150), outline=(238, 236, 230)
                )
        x += wide
    brush.rectangle((0, _HORIZON + 40, _WIDTH, _KERB), fill=(186, 182, 172))
    for y in range(_HORIZON + 40, _KERB, 24):
        brush.line((0, y, _WIDTH, y), fill=(170, 166, 156))
    for x in range(-300, _WIDTH + 300, 64):
        brush.line((x + (x - _WIDTH // 2) // 3, _KERB, x, _HORIZON + 40), fill=(170, 166, 156))
    brush.rectangle((0, _KERB, _WIDTH, _KERB + 14), fill=(146, 144, 140))
    brush.rectangle((0, _KERB + 14, _WIDTH, _HEIGHT), fill=(92, 94, 98))
    for _ in range(900):  # grit
        x, y = dice.randrange(_WIDTH), dice.randrange(_KERB + 16, _HEIGHT)
        shade = dice.randint(80, 112)
        brush.point((x, y), fill=(shade, shade, shade + 2))
    return picture, brush


def _blob(dice: random.Random, x: float, y: float, wide: float, tall: float) -> list[tuple[float, float]]:
    """A rounded, irregular outline."""
    return [
        (
            x + wide * dice.uniform(0.8, 1.05) * math.cos(turn),
            y + tall * dice.uniform(0.8, 1.05) * math.sin(turn),
        )
        for turn in (step * math.tau / 22 for step in range(22))
    ]


def _road(dice: random.Random, done: bool) -> Image.Image:
    """A hole in the roadway with a cone beside it; then a patch."""
    picture, brush = _street(dice)
    x, y = dice.randint(380, 620), 660
    if done:
        brush.rectangle((x - 190, y - 62, x + 190, y + 62), fill=(58, 59, 62), outline=(44, 44, 46), width=4)
        return picture
    brush.polygon(_blob(dice, x, y, 180, 52), fill=(70, 64, 58))
    brush.polygon(_blob(dice, x, y + 8, 140, 36), fill=(44, 38, 34))
    for _ in range(40):
        a, b = x + dice.randint(-210, 210), y + dice.randint(-66, 66)
        brush.ellipse((a, b, a + dice.randint(4, 12), b + dice.randint(3, 8)), fill=(120, 112, 104))
    a, b = x + 230, y + 10
    brush.polygon(((a, b - 110), (a - 34, b), (a + 34, b)), fill=(222, 92, 36))
    brush.polygon(
        ((a - 11, b - 72), (a + 11, b - 72), (a + 20, b - 44), (a - 20, b - 44)), fill=(244, 240, 232)
    )
    brush.rectangle((a - 46, b, a + 46, b + 10), fill=(190, 74, 28))
    return picture


def _rubbish(dice: random.Random, done: bool) -> Image.Image:
    """Bins with a heap before them; then the bins alone."""
    picture, brush = _street(dice)
    left = dice.randint(300, 440)
    for at, colour in enumerate(((58, 110, 78), (64, 92, 132), (110, 112, 116))):
        x = left + at * 130
        brush.polygon(((x, 350), (x + 104, 350), (x + 94, 490), (x + 10, 490)), fill=colour)
        brush.rectangle((x - 6, 334, x + 110, 354), fill=tuple(each - 18 for each in colour))
    if done:
        return picture
    for _ in range(26):
        x, y, size = dice.randint(left - 120, left + 460), dice.randint(440, 540), dice.randint(24, 52)
        bag: Colour = dice.choice(
            [(38, 40, 44), (60, 62, 66), (224, 222, 214), (184, 60, 52), (196, 168, 112)]
        )
        brush.polygon(_blob(dice, x, y, size, size * 0.7), fill=bag)
        brush.polygon(((x - 7, y - size * 0.6), (x + 7, y - size * 0.6), (x, y - size * 0.95)), fill=bag)
    return picture


def _car(brush: ImageDraw.ImageDraw, x: int, y: int, colour: Colour) -> None:
    brush.polygon(((x + 70, y - 70), (x + 220, y - 70), (x + 270, y), (x + 30, y)), fill=(70, 84, 98))
    brush.line((x + 146, y - 70, x + 146, y), fill=colour, width=12)
    brush.rounded_rectangle((x, y - 6, x + 310, y + 64), 22, fill=colour)
    for wheel in (x + 66, x + 244):
        brush.ellipse((wheel - 32, y + 32, wheel + 32, y + 96), fill=(26, 26, 28))
        brush.ellipse((wheel - 14, y + 50, wheel + 14, y + 78), fill=(150, 152, 156))


def _cars(dice: random.Random, done: bool) -> Image.Image:
    """Cars on a lane that is to be kept free; then the lane, its yellow bars to be seen."""
    picture, brush = _street(dice)
    top, bottom = _KERB + 30, _HEIGHT - 20
    for x in range(-200, _WIDTH + 200, 120):
        brush.line((x, bottom, x + 150, top), fill=(214, 176, 52), width=9)
    brush.line((0, top, _WIDTH, top), fill=(214, 176, 52), width=9)
    brush.line((0, bottom, _WIDTH, bottom), fill=(214, 176, 52), width=9)
    if done:
        return picture
    colours: list[Colour] = [(186, 44, 40), (224, 226, 228), (52, 62, 82), (120, 128, 134)]
    dice.shuffle(colours)
    for at, colour in enumerate(colours[:3]):
        _car(brush, 20 + at * 340, 600, colour)
    return picture


def _stalls(dice: random.Random, done: bool) -> Image.Image:
    """Stalls that fill the pavement; then the pavement."""
    picture, brush = _street(dice)
    if done:
        return picture
    for at in range(3):
        x = 60 + at * 320 + dice.randint(-20, 20)
        roof: Colour = dice.choice([(176, 58, 52), (52, 96, 140), (70, 128, 86)])
        for pole in (x + 14, x + 240):
            brush.rectangle((pole, 300, pole + 8, 520), fill=(120, 122, 126))
        brush.polygon(((x - 20, 316), (x + 282, 316), (x + 232, 256), (x + 30, 256)), fill=roof)
        brush.rectangle((x, 430, x + 262, 510), fill=(158, 126, 92))
        for _ in range(46):
            a, b = x + dice.randint(6, 240), dice.randint(398, 430)
            fruit: Colour = dice.choice([(214, 120, 40), (196, 52, 46), (118, 152, 60), (226, 196, 84)])
            brush.ellipse((a, b, a + 20, b + 20), fill=fruit)
    return picture


def _water(dice: random.Random, done: bool) -> Image.Image:
    """Water that stands on the roadway over a gully; then the gully on a dry one."""
    picture, brush = _street(dice)
    x, y = dice.randint(420, 600), 640
    if not done:
        brush.polygon(_blob(dice, x, y, 400, 100), fill=(96, 92, 78))
        brush.polygon(_blob(dice, x - 10, y - 4, 340, 78), fill=(120, 122, 112))
        for step in range(5):
            left = x - 250 + step * 60
            brush.arc((left, y - 44, left + 160, y + 30), 200, 330, fill=(168, 172, 166), width=3)
    brush.rectangle((x - 70, y - 26, x + 70, y + 26), fill=(48, 50, 54), outline=(34, 35, 38), width=5)
    for bar in range(-54, 60, 18):
        brush.line(
            (x + bar, y - 18, x + bar, y + 18), fill=(104, 106, 110) if done else (92, 90, 78), width=6
        )
    return picture


def _lamp(dice: random.Random, done: bool) -> Image.Image:
    """A street at dusk with a lamp that is out; then lit."""
    picture = Image.new("RGB", _SIZE)
    brush = ImageDraw.Draw(picture)
    ground = 510
    for y in range(ground):
        depth = y / ground
        brush.line((0, y, _WIDTH, y), fill=(int(18 + 40 * depth), int(26 + 44 * depth), int(52 + 50 * depth)))
    for left in range(0, _WIDTH, 128):
        tall = dice.randint(150, 300)
        brush.rectangle((left, ground - tall, left + 120, ground), fill=(24, 28, 40))
        for row in range(2, tall // 34):
            for column in range(3):
                if dice.random() < 0.25:  # noqa: PLR2004  # so many windows are lit
                    x, y = left + 14 + column * 34, ground - tall + row * 30
                    brush.rectangle((x, y, x + 18, y + 16), fill=(196, 170, 110))
    brush.rectangle((0, ground, _WIDTH, _HEIGHT), fill=(44, 46, 52))
    brush.polygon(((140, _HEIGHT), (880, _HEIGHT), (608, ground), (480, ground)), fill=(58, 60, 68))
    x, y = 704, 176
    brush.rectangle((x + 77, y, x + 87, _HEIGHT - 104), fill=(86, 92, 100))
    brush.line((x + 82, y, x, y + 13), fill=(86, 92, 100), width=8)
    brush.ellipse((x - 28, y + 3, x + 28, y + 30), fill=(250, 236, 190) if done else (60, 62, 66))
    if not done:
        return picture
    glow = Image.new("L", _SIZE)
    light = ImageDraw.Draw(glow)
    light.ellipse((x - 96, y - 80, x + 96, y + 112), fill=190)
    light.polygon(((x - 16, y + 16), (x + 16, y + 16), (x + 264, _HEIGHT), (x - 264, _HEIGHT)), fill=110)
    warm = Image.new("RGB", _SIZE, (255, 226, 160))
    return Image.composite(warm, picture, glow.filter(ImageFilter.GaussianBlur(48)))


SCENES: Final = {
    "lamp": _lamp,
    "road": _road,
    "rubbish": _rubbish,
    "cars": _cars,
    "stalls": _stalls,
    "water": _water,
}
"""What can be drawn, by the name that a script gives it: as it was, or as it is once it is done."""
