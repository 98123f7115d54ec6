"""Which quantiles are reported."""

from decimal import Decimal

QUANTILES = (("median", "中位数", Decimal("0.5")), ("p90", "第90百分位数", Decimal("0.9")))
"""(id suffix, what a reader calls it, share of rows at or below).

The exact value lies on a tenth of a second for these (`tally.exact_seconds` relies on it)."""
