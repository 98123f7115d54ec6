"""The runs of digits in many texts at once."""

from typing import Any

import numpy as np

from jieban.ledger.arrow import Ints, string_bytes

_LONGEST = 17
_POWERS = 10 ** np.arange(_LONGEST + 1, dtype=np.int64)


def digit_runs(texts: Any, runs: int) -> tuple[Ints, Ints]:
    """The values and the lengths of the runs of digits in `texts`, each as an array of shape (texts, runs).

    Every text holds exactly `runs` runs and none is null. Values of runs longer than 17 digits are meaningless.
    """
    count = len(texts)
    data, offsets = string_bytes(texts)
    digit = (data >= ord("0")) & (data <= ord("9"))
    begins = digit.copy()
    begins[1:] &= ~digit[:-1]
    firsts = offsets[:-1][np.diff(offsets) > 0]
    begins[firsts] = digit[firsts]
    starts = np.flatnonzero(begins)
    where = np.flatnonzero(digit)
    run_of = np.cumsum(begins)[where] - 1
    lengths = np.bincount(run_of, minlength=len(starts)).astype(np.int64)
    exponents = np.minimum(starts[run_of] + lengths[run_of] - 1 - where, _LONGEST)
    powers = (data[where].astype(np.int64) - ord("0")) * _POWERS[exponents]
    firsts = np.flatnonzero(begins[where])
    values = np.add.reduceat(powers, firsts) if len(firsts) else np.zeros(0, dtype=np.int64)
    return values.reshape(count, runs), lengths.reshape(count, runs)
