"""The program that decodes a photo of the format HEIC apart from everything else, under limits of memory and time.

What decodes these is written in C and C++ and reads whatever anybody sends, so it gets a process of its own, without
a word of ours in its memory. This file is run by path and imports nothing of Jieban. The photo comes by standard input;
a JPEG of it goes to standard output, upright, or nothing where it can't be decoded.
"""

import io
import resource
import sys

MEMORY = 1 << 30
SECONDS = 20
LONGEST = 2048
MOST_PIXELS = 50_000_000


def main() -> int:
    """Decode; 0 where that went well."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))
    import pi_heif  # noqa: PLC0415 - only under the limits
    from PIL import Image, ImageOps  # noqa: PLC0415 - as above

    pi_heif.register_heif_opener(thumbnails=False)
    picture = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=["HEIF"])
    if picture.width * picture.height > MOST_PIXELS:
        return 1
    turned = ImageOps.exif_transpose(picture).convert("RGB")
    turned.thumbnail((LONGEST, LONGEST))
    written = io.BytesIO()
    turned.save(written, "JPEG", quality=92)
    sys.stdout.buffer.write(written.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
