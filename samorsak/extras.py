"""Libraries that a plain install does without: the one sentence that says which extra brings them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from samorsak.errors import InputError, SamorsakError


@contextmanager
def extra(name: str, what: str, error: type[SamorsakError] = InputError) -> Iterator[None]:
    """Import what an extra of the package brings, in the body of a ``with``.

    Parameters
    ----------
    name : str
        Of the extra: ``"figures"``.
    what : str
        What needs it, as the message begins: ``"a picture"``.
    error : type of SamorsakError
        What is raised.

    Raises
    ------
    SamorsakError
        A library is not installed, or its installation is damaged.

    Examples
    --------
    >>> with extra("figures", "a picture"):
    ...     import no_such_library
    Traceback (most recent call last):
        ...
    samorsak.errors.InputError: a picture needs no_such_library, which is not installed; pip install \
"samorsak[figures]"
    """
    try:
        yield
    except ImportError as caught:
        fault = "is not installed" if isinstance(caught, ModuleNotFoundError) else "cannot be loaded"
        library = (caught.name or "a library").partition(".")[0]
        # double quotes, as the command prompt of Windows knows no others
        raise error(f'{what} needs {library}, which {fault}; pip install "samorsak[{name}]"') from None
