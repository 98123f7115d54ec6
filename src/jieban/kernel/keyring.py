"""The installation's master keys, by version, from the environment or a file; and the keys derived from them.

Old versions stay as long as anything was sealed or chained with them; new work takes the highest. No message and no
`repr` holds key material.
"""

import base64
import binascii
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.kernel.osfault import reason

KEYS: Final = "JIEBAN_KEYS"
KEYS_FILE: Final = "JIEBAN_KEYS_FILE"
LEAST_BYTES: Final = 32
DERIVED_BYTES: Final = 32
RETIRED: Final = "retired"
KEPT: Final = ("chain", "anchor")
"""Purposes for which something is left of a retired version: those that check, and open nothing."""

_VERSION = re.compile(r"[1-9][0-9]{0,8}")
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


class BadKeys(JiebanError):
    """Master keys that are absent, malformed, too short or open to others."""

    code = "kernel.bad_keys"
    exit_code = Exit.USAGE


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Keyring:
    """Master keys by version, each of at least 32 bytes; `current` is the version for new work.

    `retired` holds what is left of versions whose key was destroyed: the keys derived from it that chains and anchors
    are checked with, by purpose. What was sealed under such a version opens nowhere any more.
    Raises BadKeys for keys that are too short, and for a current version that isn't there.
    """

    keys: Mapping[int, bytes]
    current: int
    retired: Mapping[int, Mapping[str, bytes]] = field(default_factory=dict)
    _derived: dict[tuple[str, int], bytes] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))
        object.__setattr__(self, "retired", MappingProxyType(dict(self.retired)))
        if self.current not in self.keys:
            raise BadKeys(tr("没有第 {version} 版密钥。", version=self.current), fix=_how())
        for version, key in self.keys.items():
            if len(key) < LEAST_BYTES:
                raise BadKeys(
                    tr(
                        "第 {version} 版密钥只有 {n} 字节,至少要 {least} 字节。",
                        version=version,
                        n=len(key),
                        least=LEAST_BYTES,
                    ),
                    fix=_how(),
                )

    def __repr__(self) -> str:
        retired = f", retired={sorted(self.retired)}" if self.retired else ""
        return f"Keyring(versions={sorted(self.keys)}, current={self.current}{retired})"

    def __reduce__(self) -> NoReturn:
        # A pickle in a queue or a cache would be a copy of the keys that nobody rotates.
        raise TypeError("a keyring is not pickled: load it where it is needed")

    def derive(self, purpose: str, version: int | None = None) -> bytes:
        """32 bytes for one purpose ("wrap", "chain", "blind-index", "anchor") from a version's key.

        HKDF (RFC 5869) over HMAC-SM3, without salt, `jieban/<purpose>` as info; the current version if none is named.
        Raises BadKeys for a version that isn't there: what was made with it can't be read without it.
        """
        chosen = self.current if version is None else version
        if (known := self._derived.get((purpose, chosen))) is not None:
            return known
        if chosen in self.retired:
            if purpose in self.retired[chosen]:
                return self.retired[chosen][purpose]
            raise BadKeys(
                tr("第 {version} 版密钥已停用,用它加密的内容永远打不开了。", version=chosen),
                fix=tr("需要这些内容的,只能从停用前的密钥备份恢复。"),
            )
        if chosen not in self.keys:
            raise BadKeys(
                tr("没有第 {version} 版密钥,用它加密的内容读不了。", version=chosen),
                fix=tr("请把这一版密钥加回 {keys} 或 {file}。", keys=KEYS, file=KEYS_FILE),
            )
        info = f"jieban/{purpose}".encode()
        made = HKDF(algorithm=hashes.SM3(), length=DERIVED_BYTES, salt=None, info=info).derive(
            self.keys[chosen]
        )
        self._derived[purpose, chosen] = made
        return made


def load_keyring(environ: Mapping[str, str]) -> Keyring:
    """The keyring from JIEBAN_KEYS (`1:base64,2:base64`) or JIEBAN_KEYS_FILE (such entries, one a line; # comments).

    The highest version is the current one. Raises BadKeys for neither or both, for a file that group or others may
    read, and for entries that aren't a version and at least 32 bytes of base64, or that repeat a version or a key.
    """
    inline, path = environ.get(KEYS, "").strip(), environ.get(KEYS_FILE, "").strip()
    if inline and path:
        raise BadKeys(
            tr("{keys} 和 {file} 都写了,不知以哪个为准。", keys=KEYS, file=KEYS_FILE),
            fix=tr("请只留一个。"),
        )
    if path:
        return _keyring(_lines(Path(path)))
    if inline:
        entries = inline.split(",")
        return _keyring((Where(file=f"{KEYS} #{n}"), entry) for n, entry in enumerate(entries, start=1))
    raise BadKeys(tr("没有设置密钥。"), fix=_how())


def generate_key_line(version: int) -> str:
    """A new random key of 32 bytes as an entry for JIEBAN_KEYS or a line for the file: `version:base64`.

    Raises ValueError for a version below 1.
    """
    if version < 1:
        raise ValueError(f"versions count from 1, not {version}")
    return f"{version}:{base64.b64encode(os.urandom(LEAST_BYTES)).decode('ascii')}"


def retired_line(keyring: Keyring, version: int) -> str:
    """The entry that takes the place of a version's key once it shall open nothing any more.

    Chains and anchors of that version can still be checked; the key can't be had back from it (RFC 5869 runs one way).
    Raises BadKeys for a version that isn't there, or is the current one.
    """
    if version == keyring.current:
        raise BadKeys(
            tr("第 {version} 版是正在使用的密钥,不能停用。", version=version),
            fix=tr("请先运行 jieban keys new 生成新版本,再运行 jieban keys rotate。"),
        )
    left = (base64.b64encode(keyring.derive(purpose, version)).decode("ascii") for purpose in KEPT)
    return f"{version}:{RETIRED}:{':'.join(left)}"


def _lines(path: Path) -> list[tuple[Where, str]]:
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_mode & _OTHERS_MAY:
                raise BadKeys(
                    tr("密钥文件对同组或其他用户开放。"),
                    where=Where(file=str(path)),
                    fix=tr("请运行 chmod 600 {path},并考虑更换密钥。", path=path),
                )
            text = stream.read().decode()
    except OSError as fault:
        raise BadKeys(
            tr("密钥文件读不了({reason})。", reason=reason(fault)),
            where=Where(file=str(path)),
            fix=tr("请检查 {file} 的路径和权限。", file=KEYS_FILE),
        ) from fault
    except UnicodeDecodeError:
        # The fault itself carries the bytes.
        raise BadKeys(tr("密钥文件不是文本。"), where=Where(file=str(path)), fix=_how()) from None
    return [
        (Where(file=str(path), line=n), line)
        for n, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _keyring(entries: Iterable[tuple[Where, str]]) -> Keyring:
    keys: dict[int, bytes] = {}
    retired: dict[int, Mapping[str, bytes]] = {}
    for where, entry in entries:
        version, rest = _version(where, entry)
        if version in keys or version in retired:
            raise BadKeys(
                tr("第 {version} 版密钥写了两次。", version=version),
                where=where,
                fix=tr("请删去一处,或改用新的版本号。"),
            )
        if rest.partition(":")[0].strip() == RETIRED:
            retired[version] = _left(where, version, rest)
            continue
        key = _key(where, version, rest)
        if key in keys.values():
            raise BadKeys(
                tr("第 {version} 版密钥与另一版相同。", version=version),
                where=where,
                fix=tr("更换密钥须生成新的:openssl rand -base64 32。"),
            )
        keys[version] = key
    if not keys:
        raise BadKeys(tr("没有设置密钥。"), fix=_how())
    return Keyring(keys, max(keys), retired)


def _version(where: Where, entry: str) -> tuple[int, str]:
    version, _, rest = entry.strip().partition(":")
    if not _VERSION.fullmatch(version.strip()):
        raise BadKeys(tr("密钥前没有版本号。"), where=where, fix=_how())
    return int(version), rest


def _key(where: Where, version: int, written: str) -> bytes:
    key = _decoded(where, version, written)
    if len(key) < LEAST_BYTES:
        raise BadKeys(
            tr(
                "第 {version} 版密钥只有 {n} 字节,至少要 {least} 字节。",
                version=version,
                n=len(key),
                least=LEAST_BYTES,
            ),
            where=where,
            fix=_how(),
        )
    return key


def _left(where: Where, version: int, rest: str) -> Mapping[str, bytes]:
    """What is left of a retired version."""
    left = [_decoded(where, version, written) for written in rest.split(":")[1:]]
    if len(left) != len(KEPT) or any(len(each) != DERIVED_BYTES for each in left):
        raise BadKeys(
            tr("第 {version} 版停用密钥的写法不完整。", version=version),
            where=where,
            fix=tr("请原样抄写 jieban keys retire 给出的那一行。"),
        )
    return dict(zip(KEPT, left, strict=True))


def _decoded(where: Where, version: int, written: str) -> bytes:
    try:
        return base64.b64decode(written.strip(), validate=True)
    except (binascii.Error, ValueError):
        # What was written may be nearly the key.
        raise BadKeys(
            tr("第 {version} 版密钥不是 base64。", version=version), where=where, fix=_how()
        ) from None


def _how() -> str:
    return tr(
        "请设置 {keys}(如 {example})或 {file}(每行一把,只有本用户可读);密钥用 openssl rand -base64 32 生成。",
        keys=KEYS,
        example="1:BASE64,2:BASE64",
        file=KEYS_FILE,
    )
