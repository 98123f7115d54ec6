"""The runs of digits in many texts at once."""

from typing import Any

import numpy as np

from jieban.ledger.arrow import Ints, one

_LONGEST = 17


def digit_runs(texts: Any, runs: int) -> tuple[Ints, Ints]:
    """The values and the lengths of the runs of digits in `texts`, each as an array of shape (texts, runs).

    Every text holds exactly `runs` runs and none is null. Values of runs longer than 17 digits are meaningless.
    """
    array: Any = one(texts)
    count = len(array)
    offset_buffer, data_buffer = array.buffers()[1:]
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[array.offset : array.offset + count + 1]
    data = np.frombuffer(data_buffer, dtype=np.uint8)[offsets[0] : offsets[-1]]
    offsets = offsets.astype(np.int64) - offsets[0]
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
    values = np.zeros(len(starts), dtype=np.int64)
    np.add.at(values, run_of, (data[where].astype(np.int64) - ord("0")) * 10**exponents)
    return values.reshape(count, runs), lengths.reshape(count, runs)
