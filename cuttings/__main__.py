"""`python -m cuttings` is the command line."""

from cuttings.cli import main

main()
