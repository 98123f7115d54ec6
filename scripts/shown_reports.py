"""What `pictures.py` shows of reports: every state in the studio, and what anybody reads of them.

Published before the city changes: what was frozen under other settings is not.
"""

import report_steps as does
from showing import Shown, anybody, desk
from steps import click, unfolded

_STUDIO = "studio/"

REPORTS = (
    anybody("reports-none", "/reports/"),
    Shown(name="report-missing", who=None, path="/reports/2024-01/", refused=True),
    desk("studio", "analyst", _STUDIO),
    desk(
        *("studio-wrong", "analyst", _STUDIO, does.other_days, click("form.begin button.main")),
    ),
    desk("studio-draft", "analyst", _STUDIO, does.begun, view="studio-draft"),
    desk("studio-unfolded", "analyst", _STUDIO, does.begun, unfolded),
    desk("studio-sentence-wrong", "analyst", _STUDIO, does.sentence_wrong),
    desk("studio-edited", "analyst", _STUDIO, does.edited),
    anybody("studio-proposed", "/reports/", does.proposed),
    anybody("studio-judged", "/reports/", does.judged),
    anybody("studio-return-wrong", "/reports/", does.return_wrong),
    anybody("studio-returned", "/reports/", does.returned),
    anybody("studio-approved", "/reports/", does.approved),
    anybody("reports", "/reports/", does.published),
    anybody("report", "/reports/", does.published, does.version(1), view="report-version"),
    anybody("reports-corrected", "/reports/", does.corrected),
    anybody("report-replaced", "/reports/", does.corrected, does.version(1)),
    anybody("report-corrected", "/reports/", does.corrected, does.version(2)),
    anybody("studio-published", "/reports/", does.made),
    anybody("studio-withdrawing", "/reports/", does.withdrawing),
    anybody("studio-withdrawn", "/reports/", does.withdrawn),
    anybody("reports-withdrawn", "/reports/", does.seen_withdrawn),
    anybody("report-withdrawn", "/reports/", does.seen_withdrawn, does.version(2)),
    desk("studio-all", "analyst", _STUDIO),
)
