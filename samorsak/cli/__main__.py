"""`python -m samorsak.cli`, where the console script is not on the path."""

from samorsak.cli import main

main()
