"""Pages for readers: their links lead somewhere, and the commands in them can be typed as they stand there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tree import own_files, shown

from jieban.site.cli.frame import jieban

PAGES = [path for path in own_files() if path.suffix == ".md"]
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"^```.*?^```$|^(?: {4}.+\n)+", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
CALL = re.compile(r"(?:^|[\s;(/])(?:jieban +)?jieban((?: +[^\s#;)|>&]+)+)")


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def calls(page: Path) -> Iterator[list[str]]:
    """The words after `jieban` in the page's code, a call each."""
    text = page.read_text("utf-8")
    code = [*FENCED.findall(text), *INLINE.findall(FENCED.sub("", text))]
    for piece in code:
        for line in piece.replace("\\|", "¦").splitlines():
            for words in CALL.findall(line):
                yield [word.strip("[]") for word in words.split()]


def fault(words: list[str]) -> str | None:
    """Why a call can't be typed; None if it can."""
    command: click.Command = jieban
    context = click.Context(jieban)
    options: set[str] = {"--help", "-h", "--version", "-V"}
    for word in words:
        if word.startswith("-"):
            if word.split("=")[0] not in options:
                return f"{word} of {command.name}"
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z]+", word):
            found = command.get_command(context, word)
            if found is None:
                return word
            command = found
            options |= {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    return None


def test_commands_in_the_pages_can_be_typed() -> None:
    told = {shown(page): list(calls(page)) for page in PAGES}
    assert len([words for each in told.values() for words in each]) > 60
    strange = {
        f"{page}: jieban {' '.join(words)}": why
        for page, each in told.items()
        for words in each
        if (why := fault(words)) is not None
    }
    assert strange == {}
