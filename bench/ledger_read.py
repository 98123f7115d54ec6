"""Reading and validating a workbook of 200,000 orders, against python-calamine and openpyxl reading it alone."""

import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter

from figures import CACHE, Measured, Spent, finish, spend
from jieban.profile.city import Profile
from jieban.profile.load import load_profile

PROFILE, ROWS = "changji", 200_000

HEADINGS = (
    *(
        "工单编号",
        "来源渠道",
        "受理时间",
        "派单时间",
        "签收时间",
        "办结时间",
        "诉求类型",
        "一级分类",
        "二级分类",
    ),
    *(
        "紧急程度",
        "所属街道乡镇",
        "社区村",
        "事发地址",
        "诉求人",
        "联系电话",
        "是否匿名",
        "诉求内容",
        "承办单位",
    ),
    *("办理情况", "是否有效回访", "是否解决", "满意度", "截止时间", "是否按期签收", "是否按期办结"),
)

CALAMINE = """
import sys
from python_calamine import CalamineWorkbook
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python(skip_empty_area=False)
assert len(rows) > 200_000
"""

OPENPYXL = """
import sys
from openpyxl import load_workbook
count = sum(1 for _ in load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True))
assert count > 200_000
"""

JIEBAN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from jieban.ledger.read import read_ledger
from jieban.profile.load import load_profile
reading = read_ledger([Path(sys.argv[1])], load_profile(sys.argv[2]), cutoff=datetime(2025, 5, 7, tzinfo=UTC))
accounting = reading.accounting
assert accounting.balanced and accounting.accepted > 195_000 and accounting.rejected > 500, accounting
"""


def main() -> None:
    """Make the workbook once, then measure."""
    path = CACHE / f"ledger-{ROWS}.xlsx"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        make(unfinished, load_profile(PROFILE))
        unfinished.rename(path)
    alone = spend([sys.executable, "-c", CALAMINE, str(path)])
    ours = spend([sys.executable, "-c", JIEBAN, str(path), PROFILE])
    slow = spend([sys.executable, "-c", OPENPYXL, str(path)], runs=1)
    finish(
        [
            Measured(
                what="reading and validating 200,000 rows of xlsx, against python-calamine reading them",
                value=ours.cpu / alone.cpu,
                unit="×",
                bar=2.5,
                better="<=",
                detail=f"{_said(ours)} against {_said(alone)}; by wall time {ours.wall / alone.wall:.2f}×",
            ),
            Measured(
                what="reading and validating 200,000 rows of xlsx, against openpyxl reading them",
                value=slow.cpu / ours.cpu,
                unit="×",
                bar=4.0,
                better=">=",
                detail=f"{_said(ours)} against {_said(slow)}; by wall time {slow.wall / ours.wall:.2f}×",
            ),
        ]
    )


def _said(spent: Spent) -> str:
    return (
        f"{spent.cpu:.1f} s process time (wall {spent.wall:.1f} s, largest process {spent.peak_mib:.0f} MiB)"
    )


def make(path: Path, profile: Profile) -> None:
    """A wide sheet as an office's system exports it: texts for dates, aliases for units, some dirt."""
    chance = random.Random(12345)  # noqa: S311 - believable rows, not secrets
    units = [spelling for unit in profile.units.values() for spelling in unit.spellings]
    streets = [spelling for street in profile.streets.values() for spelling in street.spellings]
    topics = [(t.name, s.name) for t in profile.order_topics.values() for s in t.subtopics]
    types = [kind.name for kind in profile.request_types.values()]
    channels = [channel.name for channel in profile.channels.values()]
    begin = datetime(2025, 4, 1)  # noqa: DTZ001 - wall time, as spreadsheets have it
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("工单台账")
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "2025年4月工单台账")
        sheet.write_row(1, 0, HEADINGS)
        for number in range(ROWS):
            moment = begin + timedelta(seconds=chance.randrange(30 * 86_400))
            later = [
                str(moment + timedelta(minutes=m)) for m in (20, 300, 3000 + chance.randrange(6000), 7200)
            ]
            topic, subtopic = chance.choice(topics)
            unit = "、".join(chance.sample(units, chance.choice([1, 1, 1, 2])))
            cells = [
                *(f"{moment:%y%m%d%H%M%S}{number:06d}", chance.choice(channels), moment, *later[:3]),
                *(chance.choice(types), topic, subtopic, chance.choice(["一般", "一般", "一般", "紧急"])),
                *(chance.choice(streets), f"第{chance.randrange(160)}社区", f"某路{chance.randrange(900)}号"),
                *(f"诉求人{chance.randrange(50_000)}", f"139{chance.randrange(10**8):08d}", "否"),
                f"市民来电反映,{number}号楼电梯多次故障无人维修,物业公司推诿,请相关部门尽快核实处理,谢谢。",
                *(
                    unit,
                    f"经核实,{number}号问题已安排维修,并已电话告知诉求人。",
                    "是",
                    chance.choice("是是是否"),
                ),
                *(
                    chance.choice(["满意", "满意", "非常满意", "基本满意", "不满意", ""]),
                    later[3],
                    "是",
                    "是",
                ),
            ]
            match chance.randrange(400):
                case 0:
                    cells[17] = "外星局"
                case 1:
                    cells[2] = "2059-04-01 09:30"
                case 2:
                    cells[7] = ""
                case 3:
                    cells[10] = "外星街道"
            for place, value in enumerate(cells):
                if isinstance(value, datetime):
                    sheet.write_datetime(number + 2, place, value, date)
                else:
                    sheet.write_string(number + 2, place, value)
        sheet.write_row(ROWS + 2, 0, ["合计", "", f"{ROWS}件"])


if __name__ == "__main__":
    main()
