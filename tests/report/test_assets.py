"""Gathered parts are found where they should be, and missing ones are asked for in words."""

import os
from pathlib import Path

import pytest

from jieban.kernel.errors import Exit
from jieban.report import assets


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no settings and nothing gathered; gives the directory that would be gathered into."""
    monkeypatch.delenv("JIEBAN_ASSETS", raising=False)
    monkeypatch.delenv("JIEBAN_FONTS", raising=False)
    gathered = tmp_path / "gathered"
    monkeypatch.setattr(assets, "_GATHERED", gathered)
    return gathered


def test_make_assets_gathered_an_echarts_that_draws_all_our_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIEBAN_ASSETS", raising=False)
    script = assets.echarts_js().read_text("utf-8")
    for part in ("series.heatmap", "visualMap.continuous", "renderToSVGString"):
        assert part in script


def test_missing_echarts_says_what_to_run(bare: Path) -> None:
    with pytest.raises(assets.MissingPart, match="make assets") as refused:
        assets.echarts_js()
    assert refused.value.exit_code is Exit.MISSING_PART
    assert str(bare) in str(refused.value)


def test_a_named_directory_goes_before_the_gathered_one(
    bare: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare.mkdir()
    (bare / "echarts.min.js").write_text("gathered", "utf-8")
    named = tmp_path / "named"
    named.mkdir()
    monkeypatch.setenv("JIEBAN_ASSETS", str(named))
    assert assets.echarts_js().read_text("utf-8") == "gathered"
    (named / "echarts.min.js").write_text("named", "utf-8")
    assert assets.echarts_js().read_text("utf-8") == "named"


@pytest.mark.usefixtures("bare")
def test_noto_is_always_there() -> None:
    (directory,) = assets.font_dirs()
    assert {path.name for path in directory.glob("*.otf")} >= {
        "NotoSansSC-Regular.otf",
        "NotoSerifSC-Regular.otf",
    }


def test_fonts_of_ones_own_go_first_then_gathered_then_noto(
    bare: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine, ours = tmp_path / "mine", tmp_path / "ours"
    for directory in (mine, ours, bare / "fonts"):
        directory.mkdir(parents=True)
    monkeypatch.setenv("JIEBAN_FONTS", os.pathsep.join([str(mine), str(ours)]))
    assert assets.font_dirs()[:3] == (mine, ours, bare / "fonts")
    assert len(assets.font_dirs()) == 4


@pytest.mark.usefixtures("bare")
def test_a_font_directory_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIEBAN_FONTS", str(tmp_path / "gone"))
    with pytest.raises(assets.MissingPart, match="JIEBAN_FONTS"):
        assets.font_dirs()
