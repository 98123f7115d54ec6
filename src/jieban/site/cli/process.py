"""The process of a command, set up for what it is: one job that starts, makes its files and ends."""

import gc
import os

_ALLOCATIONS_BETWEEN_COLLECTIONS = 200_000


def set_up() -> None:
    """To be called before anything large is imported.

    Of the objects that a report makes hardly any hang together in cycles, and the libraries alone bring some hundred
    thousand that stay: looking through them as often as Python does by default took a tenth of a month's report.
    numpy's linear algebra, which nothing here uses, starts a thread for every processor when it is imported.
    """
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS, 50, 100)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def wind_up() -> None:
    """To be called last: what is left goes with the process, so that nobody needs to look for cycles in it."""
    gc.freeze()
