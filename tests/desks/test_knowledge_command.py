"""`jieban knowledge`: the whole base out into a file and in again, its past told, and files that are none refused."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from articles import ADMINISTRATOR, PLAIN, REVIEWER, TODAY, draft, fresh, published
from browsers import OPENED, Sign

from jieban.desks.knowledge.articles.acts import publish, withdraw
from jieban.desks.knowledge.articles.written import Written, holds_unconfirmed
from jieban.desks.knowledge.exchange.files import MOST_BYTES
from jieban.desks.knowledge.models import Article, Making, Wording
from jieban.kernel.errors import Exit
from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.site.cli.frame import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]


@pytest.fixture(autouse=True)
def _administrator() -> None:
    """The accounts that the command may be run as, and may not."""
    for name, role in (("admin", Role.ADMINISTRATOR), ("op", Role.OPERATOR)):
        account = add_account(username=name, display_name=f"{name}的名字", now=OPENED)
        give_post(account=account, role=role, unit=None, first=TODAY, last=None, profile=city())


def called(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run([str(each) for each in ("knowledge", *words)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_base_goes_out_and_comes_in_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published()
    published(title="怎么开户", public=True, topics=())
    draft(Written(title="没写完", body="草稿", confirm_by=TODAY + holds_unconfirmed()))
    first, second = tmp_path / "out" / "all.toml", tmp_path / "again.toml"
    assert called(capsys, "export", "--out", first) == (Exit.OK, f"{first}\n", "")
    code, text, _ = called(capsys, "export")
    assert (code, text.splitlines()[1:]) == (Exit.OK, first.read_text("utf-8").splitlines()[1:])

    code, said, _ = called(capsys, "import", first, "--as", "admin")
    assert (code, said) == (Exit.OK, "新增 0 条，改为新版 0 条，没有变化 3 条。\n")
    # What is written is never deleted: another city's base is one of other titles.
    first.write_text(first.read_text("utf-8").replace('title = "', 'title = "新'), "utf-8")
    code, told, _ = called(capsys, "import", first, "--as", "admin", "--dry-run", "--json")
    looked = json.loads(told)
    assert (code, looked["written"], looked["new"], Article.objects.count()) == (Exit.OK, False, 3, 3)
    code, said, note = called(capsys, "import", first, "--as", "admin")
    assert (code, said) == (Exit.OK, "新增 3 条，改为新版 0 条，没有变化 0 条。\n")
    assert "待审核" in note
    assert Article.objects.filter(making=Making.SUBMITTED).count() == 2
    for each in Article.objects.filter(making=Making.SUBMITTED):
        publish(each.pk, seen=1, remark="", actor=REVIEWER, now=OPENED)
    assert called(capsys, "export", "--out", second)[0] == Exit.OK
    came = second.read_text("utf-8").split("\n\n[[article]]\n")[4:]
    assert came == first.read_text("utf-8").split("\n\n[[article]]\n")[1:]


def test_the_past_is_told_and_never_taken_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sign_in: Sign
) -> None:
    held, gone = published(), published(title="撤下的")
    withdraw(gone.pk, reason="过时了", actor=ADMINISTRATOR, now=OPENED)
    file = tmp_path / "past.toml"
    assert called(capsys, "export", "--history", "--out", file)[0] == Exit.OK
    told = tomllib.loads(file.read_text("utf-8"))
    assert [each["title"] for each in told["article"]] == ["水费怎么查"]
    (one,), (other,) = told["article"], told["withdrawn"]
    assert [each["body"].rstrip("\n") for each in one["version"]] == [PLAIN.body]
    assert one["version"][0]["made_at"] == OPENED
    assert [each["what"] for each in one["step"]] == ["written", "submitted", "published"]
    assert [each["what"] for each in other["step"]][-1] == "withdrawn"
    assert other["step"][-1]["remark"] == "过时了"
    code, said, _ = called(capsys, "import", file, "--as", "admin")
    assert (code, said) == (Exit.OK, "新增 0 条，改为新版 0 条，没有变化 1 条。\n")
    assert fresh(gone).published is None
    assert fresh(held).notes.count() == 3

    page = sign_in(Role.ADMINISTRATOR).get("/desk/knowledge/files/export.toml?past")
    assert tomllib.loads(page.content.decode()) == told
    assert "history" in page.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "没有知识"),
        (b"# \xe7\xa9\xba\n", "没有知识"),
        (b"article = 3", "没有知识"),
        (b"article = [3]", "第 1 条"),
        (b"[article]\ntitle = 'a'", "没有知识"),
        (b"[[article]]\ntitle = 'a'\nbody = 'b'\ncolour = 'red'", "colour"),
        (b"[[article]]\ntitle = 'a'\nbody = 'b", "第 3 行"),
        (b"[[article]]\ntitle = 'a'", "标题和内容都要写"),
        ("[[article]]\ntitle = '水费怎么查'".encode("gb18030"), "不是 UTF-8"),
        (b"\x00\xff\xfe", "不是 UTF-8"),
        (b"#" * (MOST_BYTES + 1), "文件超过"),
    ],
)
def test_a_file_that_can_not_be_is_refused_by_name(
    content: bytes, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "坏的.toml"
    file.write_bytes(content)
    code, said, told = called(capsys, "import", file, "--as", "admin")
    assert (code, said) == (Exit.BAD_FILE, "")
    assert why in told
    assert "坏的.toml" in told
    assert Article.objects.count() == 0


def test_who_may_not_and_what_is_not_there_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.toml"
    file.write_text("[[article]]\ntitle = 'a'\nbody = 'b'\n")
    assert "不是系统管理员" in called(capsys, "import", file, "--as", "op")[2]
    assert called(capsys, "import", file, "--as", "nobody")[0] != Exit.OK
    assert called(capsys, "import", file)[0] == Exit.USAGE
    assert called(capsys, "import", tmp_path / "none.toml", "--as", "admin")[0] == Exit.BAD_FILE
    assert called(capsys, "import", tmp_path, "--as", "admin")[0] == Exit.BAD_FILE
    assert called(capsys, "export", "--out", tmp_path)[0] == Exit.USAGE
    assert Article.objects.count() == 0


def test_the_city_says_how_long_an_article_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = {"changji": (180, 366), "yunting": (92, 366)}[city().name]
    rules = city().workflow.knowledge
    assert (rules.confirm_days, rules.longest_days) == days
    file = tmp_path / "a.toml"
    file.write_text("[[article]]\ntitle = 'a'\nbody = 'b'\n")
    assert called(capsys, "import", file, "--as", "admin")[0] == Exit.OK
    made = Wording.objects.get()
    assert made.confirm_by == datetime.now(UTC).astimezone(city().clock.tz).date() + timedelta(days=days[0])
