"""All checks, in the order in which they are printed."""

from dataclasses import replace
from itertools import chain

from jieban.kernel.typography import fullwidth
from jieban.report.checks.explained import check_explained
from jieban.report.checks.labels import check_labels
from jieban.report.checks.model import Check
from jieban.report.checks.printed import check_printed
from jieban.report.checks.rows import check_rows
from jieban.report.checks.sums import check_sums
from jieban.report.checks.typed import check_typed
from jieban.report.checks.words import check_words_of_people
from jieban.report.context import Context
from jieban.report.typography import typeset_runs


def run_checks(ctx: Context) -> tuple[Check, ...]:
    """Every check for which the report has figures."""
    ran = chain(
        check_sums(ctx),
        check_labels(ctx),
        check_explained(ctx),
        check_printed(ctx),
        check_rows(ctx),
        check_typed(ctx),
        check_words_of_people(ctx),
    )
    return tuple(
        replace(
            check,
            title=fullwidth(check.title),
            detail=typeset_runs(check.detail),
            explanation=typeset_runs(check.explanation),
        )
        for check in ran
    )
