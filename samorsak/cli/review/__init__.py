"""`samorsak review`: what to look at again, in a notebook or in Excel."""

from __future__ import annotations

import typer

from samorsak.cli.options import example
from samorsak.cli.review import applying, queue, sheets

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_EXPORT = "samorsak review export coded -n 50 -o granska.xlsx"
_IMPORT = "samorsak review import granska.xlsx --annotator anna --annotations annotations/af"
_APPLY = "samorsak review apply coded --annotations annotations/my-survey"

app.command(epilog=example("samorsak review queue coded -n 50 -o queue.jsonl"))(queue.queue)
app.command(epilog=example("samorsak review labels --scheme af --annotations annotations/af"))(queue.labels)
app.command("export", epilog=example(_EXPORT))(sheets.export)
app.command("import", epilog=example(_IMPORT))(sheets.import_)
app.command(epilog=example(_APPLY))(applying.apply)
