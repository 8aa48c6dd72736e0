"""SPSS files: variables written as .sav, and the multiple response sets over them as syntax (.sps).

What SPSS holds: names of 64 bytes, labels of 256 (sets and variables) or 120 (values), texts of 32,767
without the spaces at their end. The library that writes the file cannot write multiple response sets;
running the syntax adds them. Source: IBM SPSS Statistics Command Syntax Reference (Variable Names, MRSETS).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samorsak.errors import InputError
from samorsak.extras import extra
from samorsak.text import nfc

LONGEST_TEXT, LONGEST_LABEL, LONGEST_NAME = 32_767, 256, 64
"""In bytes of utf-8."""

_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
_YES_NO = {"sv": {0: "Nej", 1: "Ja"}, "en": {0: "No", 1: "Yes"}}
_CREATED = slice(92, 109)
"""Bytes of the date and time in the file's header: 4+60+4+4+4+4+4+8 before them, 9+8 long."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: texts, or whole numbers with labels; None is a missing number."""

    name: str
    label: str
    values: tuple[str | int | None, ...] = field(repr=False)
    value_labels: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """A multiple response set of 0/1 variables; `name` begins with a ``$``."""

    name: str
    label: str
    variables: tuple[str, ...]


def variable_name(*parts: str) -> str:
    """Make a name that SPSS takes: it begins with a letter, and has letters, digits and underscores.

    Examples
    --------
    >>> variable_name("lost", "301"), variable_name("1", "brist på tid")
    ('lost_301', 'v_1_brist_på_tid')
    """
    name = re.sub(r"\W+", "_", nfc("_".join(parts))).strip("_") or "v"
    if not name[0].isalpha() or name.casefold() in _RESERVED:
        name = f"v_{name}"
    return cut(name, LONGEST_NAME)


def cut(text: str, most: int) -> str:
    """Cut a text to so many bytes of utf-8, between characters."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")


def holds(text: str) -> bool:
    """Say whether a text comes back from SPSS as it is."""
    return text == text.rstrip(" ") and len(text.encode("utf-8", "replace")) <= LONGEST_TEXT


def text_variable(name: str, label: str, texts: Sequence[str]) -> Variable:
    """Make a variable of texts, cut to what SPSS holds."""
    return Variable(name, cut(label, LONGEST_LABEL), tuple(cut(text, LONGEST_TEXT) for text in texts))


def given_variables(
    question: str,
    wording: str,
    labels: Mapping[str, str],
    given: Sequence[Collection[str] | None],
    lang: str = "sv",
) -> tuple[list[Variable], list[ResponseSet]]:
    """Make a 0/1 variable for each category of a question, and the multiple response sets of them.

    Parameters
    ----------
    question, wording : str
        Id and words of the question.
    labels : mapping of str to str
        Label of each category, in the scheme's order, ``no_cause`` last.
    given : sequence of collection of str or None
        Of each answer the categories it was given; None for an answer to another question, or an undecided
        one, which is a missing value.
    lang : {'sv', 'en'}
        Of the labels of 0 and 1.

    Returns
    -------
    list of Variable
    list of ResponseSet
        Of the causes (percentages of the causes given), and with ``no_cause`` (percentages of the answers);
        each of two or more variables.

    Raises
    ------
    InputError
        Two categories would have one name.
    """
    named = {category: variable_name(question, category) for category in labels}
    if len({name.casefold() for name in named.values()}) < len(named):
        raise InputError(f"{question}: two categories have one name in SPSS; rename one of them")
    variables = [
        Variable(
            named[category],
            cut(label, LONGEST_LABEL),
            tuple(None if own is None else int(category in own) for own in given),
            _YES_NO[lang],
        )
        for category, label in labels.items()
    ]
    causes = tuple(name for category, name in named.items() if category != "no_cause")
    base = cut(f"${variable_name(question)}", LONGEST_NAME - 4)
    sets = [ResponseSet(base, wording, causes)]
    if len(causes) < len(named):
        sets.append(ResponseSet(f"{base}_all", wording, tuple(named.values())))
    return variables, [found for found in sets if len(found.variables) > 1]


def write_sav(path: Path, variables: Sequence[Variable], title: str = "") -> None:
    """Write variables as an SPSS file; the same variables give the same bytes.

    Raises
    ------
    InputError
        The extra ``spss`` is not installed, two variables have one name, or the file cannot be written.
    """
    with extra("spss", f"{path.name}: writing .sav"):
        import pandas as pd
        import pyreadstat
    names = [variable.name for variable in variables]
    if len({name.casefold() for name in names}) < len(names):
        raise InputError(f"{path}: two variables have one name; rename a category")
    numbers = {v.name for v in variables if v.value_labels}
    columns = {
        v.name: pd.Series(v.values, dtype="float64" if v.name in numbers else "object") for v in variables
    }
    part = path.with_name(f"{path.name}.part")
    try:
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            part,
            file_label=cut(title, 60),
            column_labels={v.name: v.label for v in variables},
            variable_value_labels={v.name: _labels(v) for v in variables if v.value_labels},
            variable_measure={name: "nominal" for name in names},
            variable_format={
                v.name: f"F{len(str(max(v.value_labels)))}.0" for v in variables if v.value_labels
            },
        )
        raw = bytearray(part.read_bytes())
        raw[_CREATED] = b"01 Jan 0000:00:00"  # the clock has no part in it
        part.write_bytes(raw)
        part.replace(path)
    except (OSError, pyreadstat.PyreadstatError, pyreadstat.ReadstatError):
        raise InputError(
            f"{path}: cannot be written; close it in other programs, or choose another place"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _labels(variable: Variable) -> dict[int | float, str]:
    return {value: label for value, label in variable.value_labels.items()}


def sps_text(sav: str, sets: Sequence[ResponseSet]) -> str:
    """Write the syntax that opens a file and defines its multiple response sets.

    Parameters
    ----------
    sav : str
        Name of the file, in the folder in which SPSS runs the syntax.
    sets : sequence of ResponseSet

    Examples
    --------
    >>> print(sps_text("a.sav", [ResponseSet("$lost", "Why?", ("lost_rain", "lost_snow"))]))
    * Encoding: UTF-8.
    GET FILE='a.sav'.
    MRSETS
      /MDGROUP NAME=$lost LABEL='Why?'
        CATEGORYLABELS=VARLABELS
        VARIABLES=
          lost_rain
          lost_snow
        VALUE=1
      /DISPLAY NAME=[$lost].
    SAVE OUTFILE='a.sav'.
    <BLANKLINE>
    """
    lines = ["* Encoding: UTF-8.", f"GET FILE={_quoted(sav)}."]
    for found in sets:
        lines += [
            "MRSETS",
            f"  /MDGROUP NAME={found.name} LABEL={_quoted(cut(found.label, 200))}",
            "    CATEGORYLABELS=VARLABELS",
            "    VARIABLES=",
            *(f"      {name}" for name in found.variables),
            "    VALUE=1",
            f"  /DISPLAY NAME=[{found.name}].",
        ]
    return "\n".join([*lines, f"SAVE OUTFILE={_quoted(sav)}.", ""])


def _quoted(text: str) -> str:
    """Quote a text as syntax does; it stays on its line."""
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
