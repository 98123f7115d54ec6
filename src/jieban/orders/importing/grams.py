"""Blind tokens of many orders at once, as `orders.search.grams` makes them of one; PostgreSQL's arrays of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from jieban.ledger.arrow import Ints, pa
from jieban.orders.search.grams import blind, normal

_POINT_BITS = 21
_POINT = (1 << _POINT_BITS) - 1
_TOKEN_BITS = 32
_SIGN = 1 << _TOKEN_BITS - 1
"""Added to a token, it is positive."""
_INTEGER = 23
"""The number of PostgreSQL's type of 32 bits (https://www.postgresql.org/docs/current/catalog-pg-type.html)."""
_HEAD = 5
_NARROW = tuple((mark, normal(mark)) for mark in "，：；？！（）")
"""Of most texts these alone differ from their NFKC: without them it is seen at a glance that nothing is to be done."""


def tokens_of_columns(columns: Sequence[Sequence[str | None]], key: bytes) -> Any:
    """For each row the tokens of its texts, in a column of lists. Rows are fewer than 2^21."""
    found: list[Ints] = [np.zeros(0, np.int64)]
    count = len(columns[0])
    known: dict[str, str] = {}
    for texts in columns:
        plain = ["" if text is None else _normal(text, known) for text in texts]
        points = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
        row = np.repeat(np.arange(count), [len(text) for text in plain])
        found.append((row << 2 * _POINT_BITS) | (points << _POINT_BITS))
        beside = row[1:] == row[:-1]
        found.append(found[-1][:-1][beside] | points[1:][beside])
    told = np.sort(np.concatenate(found))
    # `np.unique` asks a hash table where no places are wanted, which takes a hundred times as long.
    once = np.ones(len(told), dtype=bool)
    once[1:] = told[1:] != told[:-1]
    told = told[once]
    encoded = pa.array(told & ((1 << 2 * _POINT_BITS) - 1)).dictionary_encode()
    grams = np.asarray(encoded.dictionary)
    blocks = np.zeros((len(grams), 4), "<u4")
    blocks[:, 0], blocks[:, 1] = grams >> _POINT_BITS, grams & _POINT
    tokens = np.frombuffer(blind(key, blocks.tobytes()), "<i4")[::4].astype(np.int64)
    # In rising order, as all tokens are: PostgreSQL would sort them for its index, one comparison at a time. Two grams
    # of a text that have one token are as rare as they are harmless.
    rising = np.sort(((told >> 2 * _POINT_BITS) << _TOKEN_BITS) + tokens[np.asarray(encoded.indices)] + _SIGN)
    ends = np.searchsorted(rising >> _TOKEN_BITS, np.arange(count + 1))
    values = (rising & ((1 << _TOKEN_BITS) - 1)) - _SIGN
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(values.astype(np.int32)))


def _normal(text: str, known: dict[str, str]) -> str:
    # Streets and houses come again and again.
    found = known.get(text)
    if found is None:
        plain = text
        for wide, narrow in _NARROW:
            plain = plain.replace(wide, narrow)
        found = known[text] = normal(plain)
    return found


def binary_arrays(lists: Any) -> Any:
    """Lists of integers in the binary form of PostgreSQL's arrays: one dimension, none null, counted from 1."""
    ends = np.asarray(lists.offsets).astype(np.int64)
    values = lists.values.to_numpy(zero_copy_only=False)[ends[0] : ends[-1]]
    ends -= ends[0]
    counts, rows = np.diff(ends), len(lists)
    begin = ends[:-1] * 2 + np.arange(rows) * _HEAD
    words = np.full(rows * _HEAD + len(values) * 2, 4, ">i4")
    for place, told in enumerate((1, 0, _INTEGER, counts, 1)):
        words[begin + place] = told
    words[np.arange(len(values)) * 2 + 1 + np.repeat(np.arange(1, rows + 1) * _HEAD, counts)] = values
    last = np.append(begin, len(words)) * 4
    buffers = [None, pa.py_buffer(last.astype(np.int32)), pa.py_buffer(words)]
    return pa.Array.from_buffers(pa.binary(), rows, buffers)


def hex_columns(lists: Any) -> list[str]:
    """Lists of integers as the index on SQLite reads them."""
    ends = np.asarray(lists.offsets)
    told = lists.values.to_numpy(zero_copy_only=False).astype(">i4").tobytes()
    return [
        told[4 * begin : 4 * end].hex(" ", 4)
        for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]
