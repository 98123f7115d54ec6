"""Nobody can be found in what everybody reads: no name and no number of a requester, in whichever form."""

import io
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hand_ledger import at, ledger

from jieban.indicators.period import Period
from jieban.profile.city import Profile
from jieban.report.document import Edition
from jieban.report.publish import Wanted, publish

NAME, PHONE, PLATE = "买买提·艾力", "13800001234", "新B12345"
SAID = f"{NAME}来电，联系人：古丽娜，电话{PHONE}，车牌{PLATE}，反映电梯停用。"
FORMS = ("docx", "pdf", "html", "xlsx")


def words_of(file: Path) -> str:
    """Everything in a file that could be read out of it."""
    content = file.read_bytes()
    if file.suffix == ".pdf":
        document = pdfium.PdfDocument(content)
        said = "".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        return "".join(said.split())
    if file.suffix in {".docx", ".xlsx"}:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "".join(parts.read(each).decode("utf-8", "replace") for each in parts.namelist())
    return content.decode()


@pytest.mark.filterwarnings("ignore:get_text_range")
def test_the_public_edition_names_nobody(changji: Profile, tmp_path: Path) -> None:
    rows = ledger(
        [
            {
                "order_no": f"A{number}",
                "signed_at": at(1, 11),
                "closed_at": at(2),
                "requester": NAME,
                "phone": PHONE,
                "content": SAID,
                "reply": f"已与{NAME}联系。",
                "called_back": True,
                "satisfaction": "dissatisfied",
            }
            for number in range(3)
        ],
        [
            {
                "handling_no": f"A{number}-1",
                "order_no": f"A{number}",
                "role": "lead",
                "signed_at": at(1, 11),
                "closed_at": at(2),
                "reply": f"已与{NAME}联系。",
            }
            for number in range(3)
        ],
    )
    made = publish(
        rows,
        changji,
        Period.parse("2025-04"),
        tmp_path,
        Wanted(forms=FORMS, editions=(Edition.PUBLIC, Edition.INTERNAL), cutoff=at(3, month=5)),
    )
    for form in FORMS:
        public, internal = (
            words_of(tmp_path / f"changji-2025-04-{edition}.{form}") for edition in ("public", "internal")
        )
        for person in (NAME, PHONE, "古丽娜", PLATE):
            assert person not in public, (form, person)
        assert "反映电梯停用" in internal, f"the {form} can be read, and tells the matter to who may see it"
    beside = [path for path in made.files if path.suffix in {".json", ".toml", ".md"}]
    assert len(beside) == 4
    for path in beside:
        for person in (NAME, PHONE, "古丽娜", PLATE):
            assert person not in path.read_text("utf-8"), path
