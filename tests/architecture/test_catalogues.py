"""`make messages`: catalogues follow the source, keep what was translated, and never guess."""

import gettext
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from tree import REPO

PO = "src/jieban/locale/en/LC_MESSAGES/jieban.po"


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, looking at a tree of one source file and one catalogue."""
    spec = importlib.util.spec_from_file_location("messages", REPO / "scripts" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    source = tmp_path / "src" / "jieban"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "SOURCE", source)
    monkeypatch.setattr(module, "LOCALE", source / "locale")
    (source / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / PO).write_bytes((REPO / PO).read_bytes().split(b"\n\n")[0])
    return module


def say(tree: Path, *texts: str) -> None:
    (tree / "src" / "jieban" / "a.py").write_text("\n".join(f"tr({text!r}, n=1)" for text in texts), "utf-8")


def translate(po: Path, chinese: str, english: str) -> None:
    text = po.read_text("utf-8")
    assert f'msgid "{chinese}"\nmsgstr ""' in text
    po.write_text(
        text.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{english}"'), "utf-8"
    )


def test_translations_stay_new_messages_come_empty_and_old_ones_go(
    messages: ModuleType, tmp_path: Path
) -> None:
    po = tmp_path / PO
    say(tmp_path, "共 {n} 件", "没有文件")
    messages.main(["update"])
    translate(po, "共 {n} 件", "{n} in all")
    translate(po, "没有文件", "no file")

    say(tmp_path, "共 {n} 件", "没有文件夹")
    messages.main(["update"])
    catalogue = messages.read(po)
    assert catalogue.get("共 {n} 件").string == "{n} in all"
    assert catalogue.get("没有文件夹").string == ""
    assert catalogue.get("没有文件") is None

    before = po.read_bytes()
    messages.main(["update"])
    assert po.read_bytes() == before


def test_what_is_compiled_is_what_gettext_reads(messages: ModuleType, tmp_path: Path) -> None:
    say(tmp_path, "共 {n} 件", "没有文件")
    messages.main(["update"])
    translate(tmp_path / PO, "共 {n} 件", "{n} in all")
    messages.main(["compile"])
    english = gettext.translation("jieban", tmp_path / "src" / "jieban" / "locale", languages=["en"])
    assert english.gettext("共 {n} 件") == "{n} in all"
    assert english.gettext("没有文件") == "没有文件"
