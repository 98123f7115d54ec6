"""Where each key of a TOML text stands, which `tomllib` doesn't tell.

The text must be valid (tomllib has read it), so this only follows its shape: a scanner, not a second parser.
tomlkit would give neither lines nor speed (its documents know no positions either).
"""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys and array indexes from the document's root."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}(?!")', re.DOTALL),
    re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(["\\bfnrt]))')
_LETTERS = {'"': '"', "\\": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _unescape(found: "re.Match[str]") -> str:
    if letter := found[3]:
        return _LETTERS[letter]
    return chr(int(found[1] or found[2], 16))


class _Scanner:
    """Walks a text once and notes the line of each path it meets first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._counted = (0, 1)
        self._array_sizes: dict[Path, int] = {}

    def document(self) -> Mapping[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self.lines

    def _line(self) -> int:
        offset, line = self._counted
        line += self.text.count("\n", offset, self.at)
        self._counted = (self.at, line)
        return line

    def _skip(self, pattern: "re.Pattern[str]") -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"not TOML at offset {self.at}")
        self.at = found.end()
        return found[0]

    def _take(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def _note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _header(self) -> Path:
        line = self._line()
        many = self._take("[[")
        if not many:
            self._take("[")
        keys = self._keys()
        self._take("]]" if many else "]")
        path = self._within((), keys[:-1])
        if many:
            array = (*path, keys[-1])
            index = self._array_sizes.get(array, 0)
            self._array_sizes[array] = index + 1
            path = (*array, index)
        else:
            path = self._within(path, keys[-1:])
        self._note(path, line)
        return path

    def _within(self, path: Path, keys: tuple[str, ...]) -> Path:
        """`path` and `keys`, each array of tables on the way entered at its last table."""
        for key in keys:
            path = (*path, key)
            if size := self._array_sizes.get(path):
                path = (*path, size - 1)
        return path

    def _keys(self) -> tuple[str, ...]:
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if not self._take("."):
                return tuple(keys)

    def _key(self) -> str:
        if self.text[self.at] == '"':
            return _ESCAPE.sub(_unescape, self._skip(_STRINGS[2])[1:-1])
        if self.text[self.at] == "'":
            return self._skip(_STRINGS[3])[1:-1]
        return self._skip(_BARE)

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = (*table, *self._keys())
        self._take("=")
        self._note(path, line)
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        if self._take("["):
            self._array(path)
        elif self._take("{"):
            self._inline_table(path)
        else:
            for pattern in _STRINGS:
                if found := pattern.match(self.text, self.at):
                    self.at = found.end()
                    return
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        index = 0
        self._skip(_BLANK)
        while not self._take("]"):
            self._note((*path, index), self._line())
            self._value((*path, index))
            index += 1
            self._skip(_BLANK)
            self._take(",")
            self._skip(_BLANK)

    def _inline_table(self, path: Path) -> None:
        self._skip(_BLANK)
        while not self._take("}"):
            self._pair(path)
            self._skip(_BLANK)
            self._take(",")
            self._skip(_BLANK)


def toml_lines(text: str) -> Mapping[Path, int]:
    """The line, from 1, on which each key, table and array member of valid TOML stands first."""
    return _Scanner(text).document()
