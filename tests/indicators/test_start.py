"""What starting to count costs: the compiler of one engine is imported, not those of twenty."""

import subprocess
import sys

SAID = """
import sys
from jieban.indicators.engines.duck import _Compiler
package = "ibis.backends.sql.compilers"
print(sorted(name for name in sys.modules if name.startswith(package) and "_compat" not in name))
from ibis.backends.sql.compilers import DuckDBCompiler, TrinoCompiler
print(issubclass(_Compiler, DuckDBCompiler), TrinoCompiler.__name__)
"""


def test_only_the_compiler_in_use_is_imported_and_the_others_can_still_be() -> None:
    ran = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, check=True)
    package = "ibis.backends.sql.compilers"
    assert ran.stdout.splitlines() == [f"['{package}.base', '{package}.duckdb']", "True TrinoCompiler"]
