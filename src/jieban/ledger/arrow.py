"""pyarrow and numpy under the names and types that this room uses.

pyarrow's stubs know fewer calls than the library, so its functions are taken untyped, here and once.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow  # noqa: ICN001 - `pa` is the untyped one
import pyarrow.compute

pa: Any = pyarrow
pc: Any = pyarrow.compute

if TYPE_CHECKING:
    Array: TypeAlias = pyarrow.Array[Any]
else:
    Array = pyarrow.Array  # not subscriptable at run time

Table: TypeAlias = pyarrow.Table
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]

NO_INSTANT = int(np.iinfo(np.int64).min)
"""In an array of seconds: no instant there."""


class _NotNow:
    """A finder to which pandas isn't there."""

    def find_spec(self, name: str, *_: object) -> None:
        """All else is left to the other finders."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def _look_for_pandas_in_vain() -> None:
    """Save the quarter of a second that importing pandas takes, where somebody has it: there are no data frames here.

    pyarrow imports it as soon as it is given a list, and remembers whether it was there. It looks again when somebody
    asks it for a data frame, so that nobody misses anything.
    """
    if "pandas" in sys.modules:
        return
    unseen: Any = _NotNow()
    sys.meta_path.insert(0, unseen)
    try:
        pa.array([None])
    finally:
        sys.meta_path.remove(unseen)


_look_for_pandas_in_vain()


@contextmanager
def plain_memory() -> Iterator[None]:
    """Arrow's memory from the C library meanwhile.

    Its own allocator asks for huge pages, which the system has to clear whole and often to make room for first, and
    gives every large block back at once: half a second for a workbook of 200,000 rows, a fifth of an import's client.
    """
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def one(array: Any) -> Array:
    """A chunked array as one array."""
    chunked = isinstance(array, pyarrow.ChunkedArray)
    found: Any = array if not chunked else array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()
    plain: Array = found
    return plain


def joined(arrays: Sequence[Any]) -> Array:
    """Several arrays as one; dictionaries are unified."""
    chunked = pa.chunked_array(arrays)
    if pyarrow.types.is_dictionary(chunked.type):
        chunked = chunked.unify_dictionaries()
    return one(chunked)


def bools(array: Any) -> Bools:
    """An Arrow boolean array as numpy, null as False."""
    found: Bools = np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
    return found


def valid(array: Any) -> Bools:
    """Where an Arrow array is not null."""
    found: Bools = np.asarray(array.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
    return found


def ints(array: Any, missing: int) -> Ints:
    """An Arrow integer array as int64, `missing` for null."""
    found: Ints = np.asarray(array.cast(pa.int64()).fill_null(missing).to_numpy(zero_copy_only=False))
    return found


def seconds_of(array: Any) -> Ints:
    """An Arrow timestamp[s] array as seconds since 1970, NO_INSTANT for null."""
    return ints(array.cast(pa.int64()), NO_INSTANT)


def distinct(array: Any) -> tuple[list[Any], Ints]:
    """The values of an array, each once in the order of appearance, and for each row which (-1 for null)."""
    encoded = array if pyarrow.types.is_dictionary(array.type) else array.dictionary_encode()
    return encoded.dictionary.to_pylist(), ints(encoded.indices, -1)


def spread(values: Sequence[Any], which: Ints, kind: Any) -> Array:
    """`values` of the Arrow type `kind` by row; -1 gives null. The other half of `distinct`."""
    spread_out: Array = pa.array(values, kind).take(pa.array(which, mask=which < 0))
    return spread_out


def string_bytes(array: Any) -> tuple[npt.NDArray[np.uint8], Ints]:
    """The bytes of a string array one after the other, and where each string begins (and the last one ends)."""
    whole = one(array)
    offset_buffer, data_buffer = pa.Array.buffers(whole)[1:]
    if data_buffer is None:
        return np.zeros(0, dtype=np.uint8), np.zeros(len(whole) + 1, dtype=np.int64)
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[whole.offset : whole.offset + len(whole) + 1]
    data = np.frombuffer(data_buffer, dtype=np.uint8)[offsets[0] : offsets[-1]]
    return data, offsets.astype(np.int64) - offsets[0]


def positions(mask: Bools) -> Ints:
    """Where a mask is set."""
    found: Ints = np.flatnonzero(mask).astype(np.int64)
    return found
