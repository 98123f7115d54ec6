"""What the desks' benchmark looks for: words of one, two and four characters, common and rare, numbers, filters."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from desk_pages import Kind, browsers, getting, largest_units

BAR = 100
_COMMON, _RARE, _ALL_KINDS = 30, 60, 60


def words_of(contents: Sequence[str]) -> dict[str, list[str]]:
    """Words of each kind, by how many of the orders have them."""
    chance = random.Random(54321)  # noqa: S311  # a sample for a benchmark
    found: dict[str, list[str]] = {}
    for size in (1, 2, 4):
        has = Counter(
            word for text in contents for word in {text[at : at + size] for at in range(len(text) - size + 1)}
        )
        plain = [(word, times) for word, times in has.most_common() if word.isalnum() and not word.isascii()]
        found[f"{size} common"] = [word for word, _ in plain[:_COMMON]]
        found[f"{size} of all kinds"] = [
            word for word, _ in chance.sample(plain, min(len(plain), _ALL_KINDS))
        ]
        found[f"{size} rare"] = [word for word, _ in plain[-_RARE:]]
        middling = [word for word, times in plain if len(contents) / 200 < times < len(contents) / 20]
        found[f"{size} in one of 20 to 200"] = chance.sample(middling, min(len(middling), _ALL_KINDS))
    return found


def searches(samples: dict[str, Sequence[str]]) -> Iterator[Kind]:
    """Every kind of search, as the page of the search."""
    from jieban.people.city import city
    from jieban.people.roles import Role

    browser, (busy, large) = browsers(), largest_units()
    her, theirs = browser(Role.DISPATCHER), browser(Role.LIAISON, large)

    def kind(name: str, asked: Sequence[dict[str, str]], who: Any = her) -> Kind:
        return Kind(
            name=f"search, {name}", bar=BAR, visits=[getting(who, "/desk/search/", **each) for each in asked]
        )

    words = words_of(samples["contents"])
    for name, looked_for in words.items():
        if looked_for:
            yield kind(f"{name} (characters)", [{"q": word} for word in looked_for])
    chance = random.Random(6)  # noqa: S311  # as above
    yield kind("by telephone number", [{"q": phone} for phone in chance.sample(list(samples["phones"]), 40)])
    yield kind("by number", [{"q": number} for number in chance.sample(list(samples["numbers"]), 40)])
    yield kind(
        "by the beginning of a number",
        [{"q": number[:8]} for number in chance.sample(list(samples["numbers"]), 40)],
    )
    yield kind("nothing typed", [{}])
    units = list(city().units)[:20]
    yield kind("nothing typed, a unit chosen", [{"unit": unit} for unit in [busy, large, *units]])
    streets = list(city().streets)
    states = (
        "recorded",
        "dispatched",
        "handling",
        "handled",
        "closed",
        "refused",
        "merged",
        "split",
        "archived",
    )
    yield kind("nothing typed, a street chosen", [{"street": street} for street in streets])
    yield kind("nothing typed, a state chosen", [{"state": state} for state in states])
    topics = [topic.code for topic in city().order_topics.values()]
    yield kind(
        "nothing typed, street and topic and state",
        [
            {"street": chance.choice(streets), "topic": chance.choice(topics), "state": chance.choice(states)}
            for _ in range(40)
        ],
    )
    yield kind(
        "nothing typed, days chosen",
        [{"since": f"2024-{month:02}-01", "until": f"2024-{month:02}-28"} for month in range(1, 13)],
    )
    for name in ("1 common", "2 common", "2 of all kinds", "2 in one of 20 to 200", "4 rare"):
        found = words[name]
        yield kind(
            f"{name}, a unit chosen",
            [{"q": word, "unit": chance.choice([busy, large, *units])} for word in found],
        )
        yield kind(
            f"{name}, a street chosen", [{"q": word, "street": chance.choice(streets)} for word in found]
        )
        yield kind(f"{name}, a state chosen", [{"q": word, "state": chance.choice(states)} for word in found])
        yield kind(f"{name}, by a unit", [{"q": word} for word in found], theirs)
    yield kind(
        "two common words",
        [{"q": f"{chance.choice(words['2 common'])} {chance.choice(words['2 common'])}"} for _ in range(40)],
    )
    yield kind(
        "a common word and one of all kinds",
        [
            {"q": f"{chance.choice(words['2 common'])} {chance.choice(words['2 of all kinds'])}"}
            for _ in range(40)
        ],
    )
    yield kind(
        "a common word in an old month",
        [
            {"q": word, "since": f"2023-{month:02}-01", "until": f"2023-{month:02}-28"}
            for month, word in enumerate(words["2 common"][:12], 1)
        ],
    )
    yield kind("nothing typed, by a unit", [{}], theirs)
