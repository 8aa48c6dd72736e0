"""A round file in, `Answer`s out: every row becomes an answer, a counted drop or an error that says where."""

from samorsak.answers.closed import ClosedQuestion, CrosstabAsked
from samorsak.answers.description import RoundDescription
from samorsak.answers.model import Answer, Drop, Round
from samorsak.answers.reading import read_round
from samorsak.answers.respondents import Closed, Respondent
from samorsak.answers.writing import write_answers

__all__ = [
    "Answer",
    "Closed",
    "ClosedQuestion",
    "CrosstabAsked",
    "Drop",
    "Respondent",
    "Round",
    "RoundDescription",
    "read_round",
    "write_answers",
]
