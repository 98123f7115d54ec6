"""An upload to a machine without room, from the form beside a queue."""

import tempfile
from pathlib import Path

import pytest
from browsers import Sign
from cast import lead, signed
from served import chromium, context_of, served

from jieban.people.roles import Role

pytestmark = [pytest.mark.slow(10), pytest.mark.once, pytest.mark.usefixtures("database")]


def test_it_is_told_in_the_form_and_nobody_takes_the_server_for_away(
    sign_in: Sign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, file = signed(), tmp_path / "large.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0" + bytes(2 << 20))
    with served() as address, chromium() as browser:
        page = context_of(browser, address, sign_in(Role.LIAISON, lead()), base_url=address).new_page()
        page.goto(f"/desk/unit/{number}/")
        page.click("text=上传证据")
        page.wait_for_selector("#act form")
        page.select_option("#kind", "photo_after")
        page.set_input_files("#files", str(file))
        # No directory, no file: for whoever sends one it is the same as a full disk.
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        page.click("#act button.main")
        page.wait_for_selector("#act [role=alert]:has-text('存不下')")
        assert page.locator("#away").is_hidden()
        assert page.locator("#act form").count() == 1
