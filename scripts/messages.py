"""The messages of the source and their catalogues.

    messages.py update    bring every catalogue's message ids up to the source; new ones stand there empty
    messages.py compile   write the .mo files that the program reads (git-ignored)

The source language is Chinese: `tr("…")` gives the Chinese text itself where a catalogue has nothing.
Catalogues carry no dates, names or line numbers, so that they change only when messages do.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "jieban"
LOCALE = SOURCE / "locale"
_HEADER = "# Jieban's messages in {language}. Written by `make messages`; translations are filled in by hand."
_HEADERS = {"Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms"}


class _Steady(Catalog):
    """A catalogue whose header says only what a reader of it needs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Header names and values, without who wrote it when and with what."""
        return [(name, value) for name, value in super().mime_headers if name in _HEADERS]


def extract() -> Catalog:
    """Every message of the source, with the files that say it."""
    template = Catalog(charset="utf-8")
    found = extract_from_dir(
        SOURCE,
        # Pages are in Chinese only, and their words stand apart: who brings another language begins with them here.
        method_map=[("desks/**", "ignore"), ("**.py", "python")],
        keywords={"tr": None, "later": None, "tr_in": ((1, "c"), 2), "later_in": ((1, "c"), 2)},
        comment_tags=("i18n:",),
    )
    for name, _line, message, comments, context in sorted(found, key=lambda each: each[:2]):
        template.add(message, locations=[(f"src/jieban/{name}", 0)], auto_comments=comments, context=context)
    return template


def catalogues() -> list[Path]:
    """The catalogues that the project keeps, one a language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/jieban.po"))


def read(path: Path) -> Catalog:
    """A catalogue as it stands in the tree."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name)


def update(path: Path) -> None:
    """Bring one catalogue up to the source: what is gone goes, what is new comes empty, nothing is guessed."""
    template = extract()
    old = read(path)
    language = path.parent.parent.name
    new = _Steady(
        locale=language, charset="utf-8", header_comment=_HEADER.format(language=language), fuzzy=False
    )
    for message in template:
        if message.id:
            known = old.get(message.id, message.context)
            new.add(
                message.id,
                string=known.string if known is not None and not known.fuzzy else "",
                locations=[(name, None) for name in sorted({name for name, _ in message.locations})],
                auto_comments=message.auto_comments,
                context=message.context,
            )
    with path.open("wb") as stream:
        write_po(stream, new, width=0)
    empty = sum(1 for message in new if message.id and not message.string)
    print(f"{path.relative_to(ROOT)}: {len(new)} messages, {empty} without a translation")


def compile_all() -> None:
    """Write each catalogue's .mo beside it, those of the libraries' own words (`messages.po`) included."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        catalogue = read(path)
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, catalogue)
        translated = sum(1 for each in catalogue if each.id and each.string)
        print(f"· messages: {path.relative_to(LOCALE)}, {translated} translated")


def main(arguments: list[str]) -> int:
    """Run the act that the command line names."""
    match arguments:
        case ["update"]:
            for path in catalogues():
                update(path)
        case ["compile"]:
            compile_all()
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
