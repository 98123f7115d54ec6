"""Master keys: read with care, refused with advice, never shown."""

import base64
import os
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from jieban.kernel.keyring import BadKeys, Keyring, generate_key_line, load_keyring
from jieban.kernel.sealing import hmac_sm3

ONE, TWO = bytes(range(32)), bytes(range(100, 148))


def line(version: object, key: bytes) -> str:
    return f"{version}:{base64.b64encode(key).decode()}"


@pytest.fixture
def key_file(tmp_path: Path) -> Callable[..., dict[str, str]]:
    def write(text: str | bytes, mode: int = 0o600) -> dict[str, str]:
        path = tmp_path / "keys"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return {"JIEBAN_KEYS_FILE": str(path)}

    return write


def test_keys_come_from_the_environment_and_the_highest_is_current() -> None:
    ring = load_keyring({"JIEBAN_KEYS": f" {line(10, TWO)}, {line(9, ONE)} "})
    assert ring.keys == {9: ONE, 10: TWO}
    assert ring.current == 10


def test_keys_come_from_a_file(key_file: Callable[..., dict[str, str]]) -> None:
    ring = load_keyring(key_file(f"# 2024\n{line(1, ONE)}\n\n  {line(2, TWO)}\r\n"))
    assert ring.keys == {1: ONE, 2: TWO}
    assert ring.current == 2
    assert load_keyring(key_file(line(1, ONE), 0o400)).current == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o660, 0o610])
def test_a_file_open_to_others_is_refused(key_file: Callable[..., dict[str, str]], mode: int) -> None:
    with pytest.raises(BadKeys, match="开放") as refused:
        load_keyring(key_file(line(1, ONE), mode))
    assert "chmod 600" in (refused.value.fix or "")


def derived_by_definition(master: bytes, info: bytes) -> bytes:
    """RFC 5869 with no salt (32 zero bytes) and one block of output."""
    return hmac_sm3(hmac_sm3(bytes(32), master), info + b"\x01")


@pytest.mark.parametrize("purpose", ["wrap", "chain", "blind-index", "anchor"])
def test_derived_keys_are_hkdf_by_its_definition(purpose: str) -> None:
    ring = Keyring({1: ONE, 2: TWO}, 2)
    info = f"jieban/{purpose}".encode()
    assert ring.derive(purpose) == ring.derive(purpose, 2) == derived_by_definition(TWO, info)
    assert ring.derive(purpose, 1) == derived_by_definition(ONE, info)
    assert ring.derive(purpose) is ring.derive(purpose)


def test_purposes_and_versions_do_not_share_keys() -> None:
    ring = Keyring({1: ONE, 2: TWO}, 2)
    keys = [ring.derive(p, v) for p in ("wrap", "chain", "blind-index", "anchor") for v in (1, 2)]
    assert len({*keys, ONE, TWO[:32]}) == 10
    assert {len(key) for key in keys} == {32}


def test_a_version_that_is_gone_is_refused() -> None:
    with pytest.raises(BadKeys, match="第 3 版") as refused:
        Keyring({1: ONE}, 1).derive("wrap", 3)
    assert "JIEBAN_KEYS" in (refused.value.fix or "")
    with pytest.raises(BadKeys, match="第 2 版"):
        Keyring({1: ONE}, 2)
    with pytest.raises(BadKeys, match="31 字节"):
        Keyring({1: ONE[:31]}, 1)


def test_a_keyring_never_shows_its_keys() -> None:
    ring = Keyring({1: ONE, 2: TWO}, 2)
    secret = ring.derive("wrap")
    for text in (repr(ring), str(ring), f"{ring}", f"{[ring]}", f"{ring!r:>80}"):
        assert "versions=[1, 2], current=2" in text
        for key in (ONE, TWO, secret):
            assert repr(key)[2:12] not in text
            assert key.hex()[:8] not in text
    with pytest.raises(TypeError):
        pickle.dumps(ring)


def test_a_keyring_can_not_be_changed() -> None:
    keys = {1: ONE}
    ring = Keyring(keys, 1)
    keys[2] = TWO
    assert ring.keys == {1: ONE}
    with pytest.raises(TypeError):
        ring.keys[2] = TWO  # type: ignore[index]
    with pytest.raises(AttributeError):
        ring.current = 2  # type: ignore[misc]


BAD = [
    ("", "没有设置"),
    (",", "没有版本号"),
    (f"{line(1, ONE)},", "没有版本号"),
    (base64.b64encode(ONE).decode(), "没有版本号"),
    (line(0, ONE), "没有版本号"),
    (line("x", ONE), "没有版本号"),
    (line("-1", ONE), "没有版本号"),
    (line("١", ONE), "没有版本号"),
    ("1:", "0 字节"),
    (line(1, ONE[:31]), "31 字节"),
    (line(1, ONE) + "=", "不是 base64"),
    (line(1, ONE)[:-2], "不是 base64"),
    (line(1, ONE).replace("A", "!"), "不是 base64"),
    ("1:密钥密钥密钥", "不是 base64"),
    (f"{line(1, ONE)},{line(1, TWO)}", "写了两次"),
    (f"{line(1, ONE)},{line(2, ONE)}", "与另一版相同"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_bad_keys_are_refused_with_advice_and_without_the_key(
    key_file: Callable[..., dict[str, str]], text: str, said: str
) -> None:
    for environ in ({"JIEBAN_KEYS": text}, key_file(text.replace(",", "\n"))):
        if text.endswith(",") and "JIEBAN_KEYS" not in environ:
            continue  # an empty line is no entry, an empty place between commas is a faulty one
        with pytest.raises(BadKeys) as refused:
            load_keyring(environ)
        assert said in refused.value.what
        assert refused.value.fix
        told = "".join(traceback.format_exception(refused.value)) + str(refused.value.as_dict())
        written = [part.partition(":")[2] for part in text.split(",")]
        assert not any(part[:12] in told for part in written if len(part) > 12)


def test_both_sources_and_neither_are_refused(key_file: Callable[..., dict[str, str]]) -> None:
    with pytest.raises(BadKeys, match="都写了"):
        load_keyring({"JIEBAN_KEYS": line(1, ONE), **key_file(line(1, ONE))})
    with pytest.raises(BadKeys, match="没有设置") as refused:
        load_keyring({"HOME": "x"})
    assert "openssl rand -base64 32" in (refused.value.fix or "")


def test_a_file_that_can_not_be_read_is_refused(
    tmp_path: Path, key_file: Callable[..., dict[str, str]]
) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(BadKeys, match="读不了"):
            load_keyring({"JIEBAN_KEYS_FILE": str(path)})
    with pytest.raises(BadKeys, match="不是文本"):
        load_keyring(key_file(b"1:\xff\xfe"))
    with pytest.raises(BadKeys, match="没有设置"):
        load_keyring(key_file("# 还没有\n"))


def test_a_fault_in_the_file_is_told_by_line(key_file: Callable[..., dict[str, str]]) -> None:
    with pytest.raises(BadKeys) as refused:
        load_keyring(key_file(f"# 说明\n{line(1, ONE)}\n{line(2, b'short')}\n"))
    assert refused.value.where is not None
    assert refused.value.where.line == 3


def test_generated_lines_are_accepted() -> None:
    lines = [generate_key_line(version) for version in (1, 2, 30)]
    ring = load_keyring({"JIEBAN_KEYS": ",".join(lines)})
    assert ring.current == 30
    assert {len(key) for key in ring.keys.values()} == {32}
    assert len(set(ring.keys.values())) == 3
    with pytest.raises(ValueError, match="from 1"):
        generate_key_line(0)


def test_the_processs_own_environment_will_do() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIEBAN_KEYS", line(1, ONE))
        patch.delenv("JIEBAN_KEYS_FILE", raising=False)
        assert load_keyring(os.environ).keys == {1: ONE}
