"""Agreement between annotators, shown in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samorsak.evaluate import Agreement, Interval
from samorsak.pipeline.agreeing import Measured, QuestionAgreement

_FEW = 30


def show_agreement(found: Sequence[QuestionAgreement]) -> str:
    """Show coefficients, categories and what is to be settled; lines ended by a line break."""
    shown = ["\n".join(_question(one)) for one in found]
    return "\n\n".join(shown or ["Nothing is decided."]) + "\n"


def _question(one: QuestionAgreement) -> Iterator[str]:
    yield f"{one.question}: {', '.join(one.annotators)}; {one.answers} answers decided by two or more"
    if one.other_texts:
        yield f"{one.other_texts} answers left out: decided on different texts"
    for measured in (*one.measured, *one.repeats) if one.answers else one.repeats:
        yield from _measured(measured)
    if not one.answers:
        yield "no answer was decided by two, so there is no agreement to measure"
        return
    yield from _remarks(one)
    if one.categories:
        width = max(len(c.category) for c in one.categories)
        yield f"{'category':<{width}}  kappa  alpha  given  apart"
        for c in one.categories:
            kappa, alpha = (
                f"{'-' if v is None else f'{round(v, 2) + 0.0:.2f}':>5}" for v in (c.kappa, c.alpha)
            )
            why = f"  {c.undefined}" if c.undefined else ""
            yield f"{c.category:<{width}}  {kappa}  {alpha}  {c.given:>5}  {c.apart:>5}{why}"
    done = f", {one.settled} settled already" if one.settled else ""
    yield f"answers with different categories: {len(one.disputed)}{done}"


def _measured(m: Measured) -> Iterator[str]:
    yield f"{m.of} ({m.nominal.answers} answers)"
    yield f"  alpha, all categories the same  {_told(m.nominal)}"
    yield f"  alpha with MASI, some the same  {_told(m.sets)}"
    s = m.stretches
    if s.exact is None or s.half is None:
        yield f"  marked stretches                {s.undefined}"
        return
    same = "" if s.same_category is None else f", same category {s.same_category:.2f} of these"
    yield f"  marked stretches, F             exact {_interval(s.exact)}, by half {_interval(s.half)}{same}"


def _told(agreement: Agreement) -> str:
    if agreement.found is None:
        return f"not defined: {agreement.undefined}"
    return _interval(agreement.found)


def _interval(found: Interval) -> str:
    return f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})"


def _remarks(one: QuestionAgreement) -> Iterator[str]:
    """Say what the figures do not show by themselves."""
    if any(m.of == "suggested" for m in one.measured):
        yield (
            "Who sees the machine's suggestion leans towards it: agreement over suggested decisions is too "
            "high. Take that of blind ones."
        )
    if one.answers < _FEW:
        yield f"Fewer than {_FEW} answers: read the intervals, not the figures."
