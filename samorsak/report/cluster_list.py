"""Clusters of statements for people: a list in the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from samorsak.mapping import CategoryKind, Kind
from samorsak.report.clusters import Discovery, FoundCluster
from samorsak.report.phrases import by_language
from samorsak.wording import NO_BREAK, Lang, number, percent

_ORDER: tuple[Kind, ...] = ("uncovered", "between", "part", "covered", "no_cause")

_SUPPORT: tuple[CategoryKind, ...] = ("unsupported", "split", "border", "supported", "thin")

_SAID = {  # Swedish, English
    "head": (
        "{} påståenden, {} olika; {} kluster, {} ({}) utanför dem.",
        "{} statements, {} distinct; {} clusters, {} ({}) outside of them.",
    ),
    "none": ("Inga påståenden.", "No statements."),
    "few": (
        "Inga kluster: ett kluster behöver minst {} olika påståenden som liknar varandra.",
        "No clusters: one needs at least {} distinct statements that are alike.",
    ),
    "giant": (
        "Ett kluster rymmer mer än hälften av påståendena: det säger lite om vad de handlar om.",
        "One cluster holds more than half of the statements: it says little of what they are about.",
    ),
    "uncovered": ("Täcks inte av någon kategori", "Covered by no category"),
    "between": ("Mellan två kategorier", "Between two categories"),
    "part": ("Del av en kategori som rymmer flera kluster", "Part of a category that holds several clusters"),
    "covered": ("Täcks av en kategori", "Covered by a category"),
    "no_cause": ("Ingen orsak", "No cause"),
    "unsupported": ("Kategorier som inget kluster stöder", "Categories that no cluster supports"),
    "split": ("Kategorier som rymmer flera kluster", "Categories that hold several clusters"),
    "border": (
        "Kategorier som bara delar kluster med en annan",
        "Categories that only share clusters with another one",
    ),
    "supported": ("Kategorier med ett eget kluster", "Categories with a cluster of their own"),
    "thin": (
        "Kategorier med färre påståenden än ett kluster behöver",
        "Categories with fewer statements than a cluster needs",
    ),
    "cluster": ("Kluster {}: {} ({}), stabilitet {}", "Cluster {}: {} ({}), stability {}"),
    "unstable": ("osäkert", "unstable"),
}
_WORDS = by_language(_SAID)


def show_discovery(found: Sequence[Discovery], lang: Lang = "sv", width: int = 100) -> str:
    """Show the clusters of each question, those that no category covers first."""
    shown = ["\n".join(_lines(one, lang, width)) for one in found]
    return "\n\n\n".join(shown).replace(NO_BREAK, " ") + "\n"


def _lines(one: Discovery, lang: Lang, width: int) -> Iterator[str]:
    said = _WORDS[lang]
    yield from textwrap.wrap(one.wording, width)
    if not one.statements:
        yield said["none"]
        return
    total = len(one.statements)
    loose = sum(s.cluster is None for s in one.statements)
    counts = [number(n, lang=lang) for n in (total, one.distinct, len(one.clusters), loose)]
    yield said["head"].format(*counts, percent(loose / total, lang=lang))
    if not one.clusters:
        yield said["few"].format(one.smallest)
    if any(c.share > 0.5 for c in one.clusters):
        yield from textwrap.wrap(said["giant"], width)
    for verdict in _ORDER:
        own = [c for c in one.clusters if c.verdict == verdict]
        if own:
            yield from ("", f"{said[verdict]} ({number(len(own), lang=lang)})")
        for c in own:
            yield from _cluster_lines(c, one, lang, width)
    if one.clusters:
        yield from _category_lines(one, lang, width)


def _cluster_lines(c: FoundCluster, one: Discovery, lang: Lang, width: int) -> Iterator[str]:
    stability = "–" if c.stability is None else number(c.stability, 2, lang)
    said = _WORDS[lang]
    head = said["cluster"].format(c.cluster, number(c.size, lang=lang), percent(c.share, 1, lang), stability)
    if c.unstable:
        head += f", {said['unstable']}"
    if c.verdict != "no_cause" and c.categories:
        head += ": " + " / ".join(one.labels[category] for category in c.categories)
    yield from textwrap.wrap(head, width, initial_indent="  ", subsequent_indent="    ")
    yield from textwrap.wrap(
        ", ".join(c.words), width, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False
    )
    for text in c.typical[:2]:
        yield "    - " + textwrap.shorten(text, width - 6, placeholder=" …")


def _category_lines(one: Discovery, lang: Lang, width: int) -> Iterator[str]:
    for verdict in _SUPPORT:
        own = sorted((c for c in one.categories if c.verdict == verdict), key=lambda c: -c.statements)
        if own:
            named = [f"{one.labels[c.category]} ({number(c.statements, lang=lang)})" for c in own]
            yield from ("", f"{_WORDS[lang][verdict]} ({number(len(own), lang=lang)})")
            yield from textwrap.wrap(
                ", ".join(named), width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
            )
