"""What a section builder is: a function from context and options to blocks, with the options it understands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jieban.kernel.i18n import tr
from jieban.profile.city import BadProfile
from jieban.profile.model import Section
from jieban.report.context import Context
from jieban.report.document import Block

Option = int | bool | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The options of one section, every one that its builder knows."""

    values: Mapping[str, Option]

    def number(self, name: str) -> int:
        """A whole number."""
        return int(self.values[name])

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return bool(self.values[name])

    def text(self, name: str) -> str:
        """A word, e.g. the id of an annex."""
        return str(self.values[name])


Make = Callable[[Context, Options], list[Block]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Builder:
    """A section's maker. `options` gives the value of each option that a section may set and does not.

    `annex`: it stands behind the body and is numbered apart. `late`: it is made when everything else is there,
    for it tells of the other sections.
    """

    make: Make
    options: Mapping[str, Option]
    annex: bool = False
    late: bool = False

    def read(self, section: Section) -> Options:
        """The section's options over the defaults. Raises BadProfile for one unknown or of another type."""
        merged: dict[str, Option] = dict(self.options)
        for name, value in section.options.items():
            default = self.options.get(name)
            if default is None:
                raise BadProfile(
                    tr("栏目“{section}”没有选项“{option}”。", section=section.id, option=name),
                    fix=tr("可用的选项:{options}。", options="、".join(self.options) or "—"),
                )
            if type(value) is not type(default):
                raise BadProfile(
                    tr("栏目“{section}”的选项“{option}”类型不对。", section=section.id, option=name),
                    fix=tr("请写成与默认值 {default} 同类的值。", default=default),
                )
            merged[name] = value
        return Options(values=merged)
