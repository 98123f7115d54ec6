"""Numbers that somebody typed: nobody but who typed them vouches for them."""

import re

# A number with what it counts; the digits of a name (12345热线) are none.
_NUMBER = re.compile(r"\d[\d.,]*\s*(?:%|‰|[件次个户人天名条起]|小时|分钟|元|万|亿)")


def typed_numbers(words: str) -> list[str]:
    """The numbers with what they count in words that hold no bound figure."""
    return _NUMBER.findall(words)
