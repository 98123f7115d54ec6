"""`jieban --help` against starting Python with nothing to do."""

import sys

from figures import Measured, finish, spend


def main() -> None:
    jieban = spend([sys.executable, "-m", "jieban", "--help"], runs=9)
    bare = spend([sys.executable, "-c", "pass"], runs=9)
    finish(
        [
            Measured(
                what="`jieban --help`",
                value=jieban.wall,
                unit=" s",
                bar=0.3,
                better="<=",
                detail=f"bare Python {bare.wall:.3f} s",
            )
        ]
    )


if __name__ == "__main__":
    main()
