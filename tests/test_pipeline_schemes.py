"""A scheme of one's own: begun and checked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.errors import SchemeError
from samorsak.pipeline.schemes import check_scheme, new_scheme
from samorsak.scheme import read_scheme

ONE = """\
residual:
  other: {label: Other}
questions:
  why:
    categories:
      money: {label: Money, definition: Too little money.}
      people: {definition: Too few people.}
"""


def lexicon(folder: Path, *rows: tuple[str, str]) -> Path:
    path = folder / "why.jsonl"
    lines = [f'{{"category": "{category}", "text": "{text}"}}\n' for category, text in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def scheme(folder: Path, text: str = ONE) -> Path:
    path = folder / "scheme.yaml"
    path.write_text(text, encoding="utf-8")
    return path


EVERY = [("money", "no money"), ("people", "nobody"), ("other", "the weather"), ("no_cause", "dunno")]


def test_a_new_scheme_has_one_question_unless_told(tmp_path: Path) -> None:
    assert new_scheme(tmp_path / "a" / "b") == (
        tmp_path / "a" / "b" / "scheme.yaml",
        tmp_path / "a" / "b" / "lexicon" / "causes.jsonl",
    )
    begun = read_scheme(tmp_path / "a" / "b")
    assert (begun.name, begun.language, list(begun.questions)) == ("b", "sv", ["causes"])
    assert begun.outcomes("causes") == ("lack_of_time", "lack_of_staff", "other")
    assert "@" not in (tmp_path / "a" / "b" / "scheme.yaml").read_text(encoding="utf-8")


@given(st.text(min_size=1).filter(str.strip))
def test_any_wording_stands_in_yaml(tmp_path_factory: pytest.TempPathFactory, wording: str) -> None:
    folder = tmp_path_factory.mktemp("new")
    new_scheme(folder, {"1": wording, "två": "Varför?"}, "en")
    assert {q: asked.text for q, asked in read_scheme(folder).questions.items()} == {
        "1": wording,
        "två": "Varför?",
    }


def test_a_scheme_is_never_written_over(tmp_path: Path) -> None:
    path = scheme(tmp_path)
    with pytest.raises(SchemeError) as caught:
        new_scheme(tmp_path)
    assert str(caught.value) == f"{path}: exists already; choose another folder"
    assert path.read_text(encoding="utf-8") == ONE


def test_a_lexicon_that_stands_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    path = lexicon(tmp_path / "lexicon", ("money", "no money"))
    new_scheme(tmp_path, {"why": "Why?"})
    assert path.read_bytes() == b'{"category": "money", "text": "no money"}\n'


@pytest.mark.parametrize(
    ("questions", "language", "told"),
    [
        ({"a/b": "x"}, "sv", "question is 'a/b', expected an id of letters, digits, '_', '-' or '.'"),
        ({"..": "x"}, "sv", "question is '..', expected an id of letters, digits, '_', '-' or '.'"),
        ({"a": "x"}, "Swedish", "language is 'Swedish', expected an ISO code such as 'sv' or 'en'"),
    ],
)
def test_what_cannot_be_a_file_name(
    tmp_path: Path, questions: dict[str, str], language: str, told: str
) -> None:
    with pytest.raises(SchemeError) as caught:
        new_scheme(tmp_path / "s", questions, language)
    assert str(caught.value) == told
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SchemeError) as caught:
        new_scheme(tmp_path / "file")
    assert (
        str(caught.value) == f"{tmp_path / 'file'}: cannot be made (Not a directory); choose another folder"
    )


def test_counts_of_every_outcome(tmp_path: Path) -> None:
    found = check_scheme(scheme(tmp_path), [lexicon(tmp_path, *EVERY, ("money", "broke"))])
    assert found.entries == {"why": {"money": 2, "people": 1, "other": 1, "no_cause": 1}}
    assert found.warnings == ("why: no label for people",)


def test_the_lexicon_beside_the_scheme_is_read(tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    lexicon(tmp_path / "lexicon", *EVERY)
    assert check_scheme(scheme(tmp_path)).entries == check_scheme(tmp_path).entries
    assert sum(check_scheme(tmp_path).entries["why"].values()) == 4


def test_warnings(tmp_path: Path) -> None:
    text = ONE.replace("residual:\n  other: {label: Other}\n", "").replace(
        "people: {definition: Too few people.}", "people: {report: {2023: null}}"
    )
    rows = [("money", "no money"), ("money", "No money"), ("people", "NO MONEY"), ("no_cause", "dunno")]
    assert check_scheme(scheme(tmp_path, text), [lexicon(tmp_path, *rows)]).warnings == (
        "why: no definition for people",
        "why: no label for people",
        "why: no residual 'other'; a cause that fits nothing gets a wrong category",
        "why: no line of report 2023 for money; counted under 'other'",
        "why: lexicon has 'no money' under money and people",
        "why: lexicon has 1 texts more than once under the same category",
    )
