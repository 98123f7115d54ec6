"""What starting to read costs: nothing that reading has no use for is imported."""

import subprocess
import sys

SAID = """
import sys
import jieban.ledger.read
import pyarrow, pyarrow.dataset
assert pyarrow.array([1, None]).null_count == 1
print("pandas" in sys.modules)
pandas_table = pyarrow.table({"a": [1, 2]}).to_pandas()
print(type(pandas_table).__module__.partition(".")[0], pandas_table["a"].sum())
print([finder for finder in sys.meta_path if type(finder).__module__.startswith("jieban")])
"""


def test_reading_leaves_pandas_alone_and_whoever_asks_pyarrow_for_a_data_frame_still_gets_one() -> None:
    ran = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["False", "pandas 3", "[]"]
