"""`samorsak annotations`: what people decided, checked, merged, exchanged and compared."""

import typer

from samorsak.cli.annotations import agreement, exchange, log
from samorsak.cli.options import example

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_MERGE = "samorsak annotations merge annotations/af from-ab --out annotations/af"
_EXPORT = "samorsak annotations export annotations/af --format label-studio -o tasks.json"
_IMPORT = "samorsak annotations import coded.xlsx --format wide --question missed -o a.jsonl"
_AGREEMENT = "samorsak annotations agreement annotations/my-survey --scheme my-survey --queue settle.jsonl"
_FORGET = "samorsak annotations forget 17 --annotations my-annotations --run coded"

app.command(epilog=example("samorsak annotations check annotations/af --scheme af"))(log.check)
app.command(epilog=example(_MERGE))(log.merge)
app.command("export", epilog=example(_EXPORT))(exchange.export_)
app.command("import", epilog=example(_IMPORT))(exchange.import_)
app.command(epilog=example(_AGREEMENT))(agreement.agreement)
app.command(epilog=example(_FORGET))(log.forget)
