"""The round that travels with the package."""

from collections import Counter

from samorsak.answers.description import read_description
from samorsak.pipeline.demo import DEMO_ROUND
from samorsak.pipeline.reading import open_round


def test_the_demo_round_reads_by_its_description() -> None:
    opened = open_round(DEMO_ROUND)
    assert Counter((a.round, a.question) for a in opened.round.answers) == {
        ("2024", "achieved"): 160,
        ("2024", "missed"): 160,
    }
    assert opened.round.sheet == "Svar"
    assert opened.round.dropped == {"no text": 52}
    assert opened.masked == {"telefon": 4, "e-post": 2}
    assert opened.personal_ids == 0


def test_it_says_that_it_is_constructed() -> None:
    assert "Konstruerad" in (read_description(DEMO_ROUND).title or "")
