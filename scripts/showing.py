"""A page of which `pictures.py` takes a picture: whose it is, where, and what is done there before."""

from dataclasses import dataclass

from steps import Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A page: whose, where, and what is done before it is looked at. `who` None is a citizen, not signed in.

    `view` names the address that is seen in the end, where the steps lead away from `path`. `size` stands in place of
    the two usual ones; on `paper` it is seen as it would be printed; of what is `refused`, the error's page.
    """

    name: str
    who: str | None
    path: str
    steps: tuple[Step, ...] = ()
    view: str | None = None
    size: tuple[int, int] | None = None
    paper: bool = False
    refused: bool = False


def desk(name: str, who: str, at: str, *steps: Step, view: str | None = None) -> Shown:
    """Somebody's page of the desks."""
    return Shown(name=name, who=who, path=f"/desk/{at}", steps=steps, view=view)


def anybody(name: str, path: str, *steps: Step, view: str | None = None) -> Shown:
    """A page that anybody may open."""
    return Shown(name=name, who=None, path=path, steps=steps, view=view)
