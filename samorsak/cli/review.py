"""`samorsak review`: what to look at again, in a notebook or in Excel."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
