"""`samorsak annotations`: what people decided, checked, merged, exchanged and compared."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
