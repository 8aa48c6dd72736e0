"""`samorsak cache` and `samorsak cache clear`."""

from __future__ import annotations

import typer

from samorsak.cli import options

app = typer.Typer(rich_markup_mode=None)

_OFF = "off (SAMORSAK_CACHE)"


@app.callback(invoke_without_command=True, epilog=options.example("samorsak cache"))
def cache(ctx: typer.Context) -> None:
    """Show where vectors of slow encoders are kept between runs, and how many."""
    if ctx.invoked_subcommand is None:
        for line in _shown():
            typer.echo(line)


@app.command(epilog=options.example("samorsak cache clear"))
def clear() -> None:
    """Remove all of them."""
    from samorsak.encode.cache import clear_cache

    removed = clear_cache()
    if removed.file is None:
        what = f"nothing, the cache is {_OFF}"
    elif not removed.size:
        what = f"nothing, no file at {removed.file}"
    elif removed.vectors is None:
        what = f"a file that was not readable, {_size(removed.size)}"
    else:
        what = f"{removed.vectors:,} vectors, {_size(removed.size)}"
    typer.echo(f"removed: {what}")


def _shown() -> list[str]:
    from samorsak.encode.cache import cache_state

    state = cache_state()
    if state.file is None:
        return [f"cache:   {_OFF}"]
    vectors = "not readable" if state.vectors is None else f"{state.vectors:,}"
    return [f"cache:   {state.file}", f"vectors: {vectors}", f"size:    {_size(state.size)}"]


def _size(bytes_: int) -> str:
    return f"{bytes_ / 1000:,.0f} kB"
