"""What a profile's demo says of the desks: who works there, what they say, which pictures show what."""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jieban.kernel.errors import JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.profile.city import Profile

_ONE_WHOLE_NAME_IN = 4


class NoMorning(JiebanError):
    """A profile whose demo says nothing of the desks, or names what the city doesn't have."""

    code = "site.no_desk_morning"


def script_of(profile: Profile) -> Mapping[str, Any]:
    """What `demo/desks.toml` of a profile says. Raises NoMorning."""
    directory = profile.directory
    if directory is None or not (file := directory / "demo" / "desks.toml").is_file():
        raise NoMorning(
            tr("配置“{name}”没有说明演示平台当天的事。", name=profile.name),
            where=Where(file=f"{directory}/demo/desks.toml"),
            fix=tr("请参照其他城市的 demo/desks.toml 补上。"),
        )
    return tomllib.loads(file.read_text(encoding="utf-8"))


def staff_names(said: Mapping[str, Sequence[str]], taken: set[str]) -> Iterator[str]:
    """Names that nobody has yet, the same ones in the same order every time."""
    rng = random.Random("staff")  # noqa: S311  # demo data, no secret
    put_together = [surname + given for surname in said["surnames"] for given in said["given"]]
    whole = list(said["whole"])
    rng.shuffle(put_together)
    rng.shuffle(whole)
    seen = set(taken)
    while put_together:
        turn = whole if whole and rng.randrange(_ONE_WHOLE_NAME_IN) == 0 else put_together
        name = turn.pop()
        if name not in seen:
            seen.add(name)
            yield name
