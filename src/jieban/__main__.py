"""`python -m jieban` is `jieban`."""

from jieban.site.cli import main

main()
