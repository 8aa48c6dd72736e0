"""Reading a scheme and its lexicon: what it means, and every way it can contradict itself."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.errors import SchemeError
from samorsak.scheme import NO_CAUSE, OTHER, SCHEMES, Scheme, read_lexicon, read_scheme, scheme_folder

WEATHER = """
residual:
  other: {label_sv: Övrigt, label_en: Other}
  no_cause: {label_sv: Ingen orsak, rule: Nothing said.}
borders: ["Ice: snow."]
questions:
  lost:
    text_sv: Varför inte?
    text_en: Why not?
    categories:
      rain:
        {label_sv: Regn, label_en: Rain, definition: Water., not: "Hail: snow.", report: {2023: wet, 2024: wet}}
      snow: {label_sv: Snö, report: {2023: wet, 2024: snow}}
      wind: {label_sv: Vind, report: {2023: null, 2024: wind}}
  won:
    categories:
      sun: {label: Sun}
lines:
  2023: {wet: {label_sv: Väta, label_en: Wetness}}
published: {2023: {wet: 0.4}}
"""

CODES = """
questions:
  "1":
    categories:
      010: {label: Health}
      104: {}
      no: {label: Nothing}
      2.50: {}
language: en
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "scheme.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def weather(tmp_path: Path) -> Scheme:
    return read_scheme(write(tmp_path, WEATHER))


def fault(folder: Path, text: str) -> str:
    """Read a scheme that cannot be read; what is said of it, without its path."""
    path = write(folder, text)
    with pytest.raises(SchemeError) as caught:
        read_scheme(path)
    return str(caught.value).replace(f"{path} ", "").replace(f"{path}: ", "")


def question(categories: str, rest: str = "") -> str:
    return f"questions: {{q: {{categories: {{{categories}}}}}}}\n{rest}"


def test_outcomes(weather: Scheme) -> None:
    assert weather.outcomes("lost") == ("rain", "snow", "wind", "other")
    assert weather.outcomes("won") == ("sun", "other")
    assert weather.has_other("lost")
    with pytest.raises(SchemeError) as caught:
        weather.outcomes("drawn")
    assert str(caught.value) == "question is 'drawn', the scheme has: lost, won"


def test_names(weather: Scheme) -> None:
    assert weather.label("lost", "rain") == "Regn"
    assert weather.label("lost", "rain", "en") == "Rain"
    assert weather.label("lost", "snow", "en") == "Snö"
    assert weather.label("won", "sun") == weather.label("won", "sun", "en") == "Sun"
    assert weather.label("lost", OTHER, "en") == "Other"
    assert weather.label("lost", NO_CAUSE) == "Ingen orsak"
    assert weather.label("lost", "nothing such") == "nothing such"
    assert weather.question("lost").wording("lost") == "Varför inte?"
    assert weather.question("lost").wording("lost", "en") == "Why not?"
    assert weather.question("won").wording("won") == "won"


def test_lines_of_reports(weather: Scheme) -> None:
    assert weather.reports() == ("2023", "2024")
    assert weather.report_lines("lost", "2023") == ("wet", "other")
    assert weather.report_lines("lost", "2024") == ("wet", "snow", "wind", "other")
    assert weather.report_lines("won", "2023") == ("other",)
    assert [weather.line_of("lost", c, "2023") for c in ("rain", "snow", "wind", OTHER, NO_CAUSE)] == [
        "wet",
        "wet",
        "other",
        "other",
        "no_cause",
    ]
    assert weather.line_label("lost", "wet", "2023") == "Väta"
    assert weather.line_label("lost", "wet", "2023", "en") == "Wetness"
    assert weather.line_label("lost", "snow", "2024") == "Snö"  # that of the category with its id
    with pytest.raises(SchemeError) as caught:
        weather.report_lines("lost", "2022")
    assert str(caught.value) == "lines is '2022', the scheme has: scheme, 2023, 2024"


def test_a_scheme_of_another_survey(tmp_path: Path) -> None:
    scheme = read_scheme(write(tmp_path, CODES))
    assert list(scheme.questions) == ["1"]
    assert scheme.outcomes("1") == ("010", "104", "no", "2.50")  # as they are written, not as YAML reads them
    assert not scheme.has_other("1")
    assert (scheme.language, scheme.reports(), scheme.residual) == ("en", (), {})
    assert scheme.label("1", "010") == "Health"
    assert scheme.label("1", "104") == "104"
    assert scheme.label("1", NO_CAUSE) == "Ingen orsak angiven"
    assert scheme.label("1", NO_CAUSE, "en") == "No cause given"


def test_a_category_may_be_called_other(tmp_path: Path) -> None:
    scheme = read_scheme(write(tmp_path, question("other: {label: Annat}, a: {}")))
    assert scheme.outcomes("q") == ("a", "other")
    assert scheme.label("q", "other") == "Annat"


def test_the_packaged_scheme() -> None:
    scheme = read_scheme("af")
    assert [len(scheme.outcomes(q)) for q in ("achieved", "missed")] == [13, 14]
    assert scheme.reports() == ("2023", "2024")
    assert scheme_folder("af") == SCHEMES / "af" / "scheme.yaml"
    entries = read_lexicon(SCHEMES / "af" / "lexicon", scheme)
    for q in scheme.questions:
        stated = {e.category for e in entries if e.question == q}
        assert stated == {*scheme.outcomes(q), NO_CAUSE}


def test_where_a_scheme_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, WEATHER)
    assert scheme_folder(tmp_path) == scheme_folder(str(path)) == path
    monkeypatch.chdir(tmp_path)
    (tmp_path / "af").mkdir()  # a folder of that name without a scheme in it does not hide the packaged one
    assert scheme_folder("af") == SCHEMES / "af" / "scheme.yaml"
    with pytest.raises(SchemeError) as caught:
        read_scheme("weather")
    assert str(caught.value) == "weather: no such scheme; give a YAML file, a folder, or one of: af"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("questions: {}", "questions: found none, expected at least one"),
        ("version: 1", "questions: Field required"),
        (question(""), "questions.q: no categories, expected at least one"),
        (
            question("a: {}", "residual: {others: {}}"),
            "residual: 'others' is neither 'other' nor 'no_cause'",
        ),
        (question("a;b: {}"), "questions.q.a;b: an id has no spaces around it and no ';', ',' or line break"),
        (question("' a': {}"), "questions.q. a: an id has no spaces around it and no ';', ',' or line break"),
        (question("'': {}"), "questions.q.: an id has no spaces around it and no ';', ',' or line break"),
        (question("no_cause: {}"), "questions.q.no_cause: the id of a residual; give the category another"),
        (
            question("other: {}", "residual: {other: {}}"),
            "questions.q.other: the id of a residual; give the category another",
        ),
        (
            question("Rain: {label: a}, rain: {label: b}"),
            "questions.q.rain: differs from 'Rain' in upper and lower case only",
        ),
        (question("a: {label: Rain}, b: {label_en: rain}"), "questions.q.b: has the same label as 'a'"),
        (question("a: {}, b: {label: A}"), "questions.q.b: has the same label as 'a'"),
        (
            question(
                "a: {report: {2023: b}}, b: {report: {2023: c}}, c: {}", "lines: {2023: {c: {}, a: {}}}"
            ),
            "lines.2023.a: is also a category of 'q' that is counted elsewhere",
        ),
        (question("a: {}, a: {}"), "line 1: 'a' stands twice"),
        ("questions:\n  q:\n    categories:\n      1: {}\n      '1': {}", "line 5: '1' stands twice"),
        (question("a: {colour: grey}"), "questions.q.categories.a.colour: Extra inputs are not permitted"),
        (question("a: {label: [b]}"), "questions.q.categories.a.label: Input should be a valid string"),
        (
            question("a: {report: {2023: no}}"),
            "questions.q.categories.a.report.2023: Input should be a valid string",
        ),
        (
            "version: one\nquestions: {q: {categories: {a: {}}}}",
            "version: Input should be a valid integer, unable to parse string as an integer",
        ),
        ("", "found NoneType, expected a mapping with 'questions'"),
        ("- q", "found list, expected a mapping with 'questions'"),
        ("questions: {q: [", "line 1: expected the node content, but found '<stream end>'"),
        ("questions:\n\tq: {}", "line 2: found character '\\t' that cannot start any token"),
        ("questions: \x01", "not readable as YAML in utf-8"),
        ("published: {a: 2024-02-31}", "not readable as YAML in utf-8"),
        ("[" * 5000, "not readable as YAML in utf-8"),
    ],
)
def test_contradictions(tmp_path: Path, text: str, message: str) -> None:
    assert fault(tmp_path, text) == message


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    assert fault(tmp_path, question("' a': {}, no_cause: {}", "residual: {x: {}}")) == (
        "3 faults in the scheme:\n"
        "  residual: 'x' is neither 'other' nor 'no_cause'\n"
        "  questions.q. a: an id has no spaces around it and no ';', ',' or line break\n"
        "  questions.q.no_cause: the id of a residual; give the category another"
    )


def test_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(WEATHER.encode("cp1252"))
    with pytest.raises(SchemeError) as caught:
        read_scheme(path)
    assert str(caught.value) == f"{path}: not readable as YAML in utf-8"
    path.write_bytes(WEATHER.encode("utf-8-sig"))
    assert read_scheme(path).label("lost", "snow") == "Snö"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("definition: Water.", "definition: Wet."),
        ('"Hail: snow."', '"Sleet: snow."'),
        ("      snow:", "      snows:"),
        ("2024: snow}", "2024: wet}"),
        ("Nothing said.", "Nothing."),
        ("Ice: snow.", "Ice: rain."),
        ("  won:", "  drawn:"),
        ("  other: {label_sv: Övrigt, label_en: Other}\n", ""),
    ],
)
def test_the_fingerprint_changes_with_what_is_meant(
    tmp_path: Path, weather: Scheme, old: str, new: str
) -> None:
    assert WEATHER.count(old) == 1
    assert read_scheme(write(tmp_path, WEATHER.replace(old, new))).fingerprint() != weather.fingerprint()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("label_sv: Regn", "label_sv: Nederbörd"),
        ("text_en: Why not?", "text_en: Why?"),
        ("wet: 0.4", "wet: 0.5"),
        ("Väta", "Blött"),
        ("\nlines:", "\n# what a report counts under\n\n\nlines:"),
        ("2023: wet, 2024: wet", '"2024": wet, "2023": wet'),
        ("      sun: {label: Sun}", "      sun:\n        label: Sun"),
        ("\nresidual:", "\nversion: 7\nname: weather\nresidual:"),
    ],
)
def test_the_fingerprint_does_not_change_with_how_it_is_written(
    tmp_path: Path, weather: Scheme, old: str, new: str
) -> None:
    assert WEATHER.count(old) == 1
    assert read_scheme(write(tmp_path, WEATHER.replace(old, new))).fingerprint() == weather.fingerprint()
    assert len(weather.fingerprint()) == 16


def test_a_scheme_comes_back_from_json(weather: Scheme) -> None:
    again = Scheme.model_validate_json(weather.model_dump_json(by_alias=True, exclude_defaults=True))
    assert again == weather
    assert again.fingerprint() == weather.fingerprint()


ids = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=8).filter(
    lambda text: text == text.strip() and not set(text) & {";", ","}
)


@given(st.lists(ids, min_size=1, max_size=4, unique_by=str.casefold))
def test_any_ids_come_back_as_they_are(names: list[str]) -> None:
    names = [name for name in names if name not in (OTHER, NO_CAUSE)]
    scheme = Scheme.model_validate({"questions": {"q": {"categories": {name: {} for name in names}}}})
    assert scheme.outcomes("q") == tuple(names)
    assert Scheme.model_validate_json(scheme.model_dump_json(by_alias=True)).outcomes("q") == tuple(names)


def lexicon(folder: Path, *rows: object, name: str = "lost.jsonl") -> Path:
    path = folder / "lexicon" / name
    path.parent.mkdir(exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_lexicon(tmp_path: Path, weather: Scheme) -> None:
    lexicon(
        tmp_path,
        {"category": "rain", "text": "det o\u0308sregnade"},
        "",
        {"category": "no_cause", "text": "?"},
    )
    lexicon(tmp_path, {"category": "sun", "kind": "word", "text": "sol"}, name="won-statements.jsonl")
    lexicon(tmp_path, {"category": "sun", "text": "solen", "question": "won"}, name="more.jsonl")
    found = read_lexicon(tmp_path / "lexicon", weather)
    assert [(e.question, e.category, e.kind, e.text) for e in found] == [
        ("lost", "rain", "phrase", "det ösregnade"),
        ("lost", "no_cause", "phrase", "?"),
        ("won", "sun", "phrase", "solen"),
        ("won", "sun", "word", "sol"),
    ]
    assert len(read_lexicon(tmp_path / "lexicon" / "lost.jsonl", weather)) == 2


def test_numbers_in_a_lexicon(tmp_path: Path) -> None:
    scheme = read_scheme(write(tmp_path, CODES))
    found = read_lexicon(lexicon(tmp_path, {"category": 104, "text": "taxes"}, name="words.jsonl"), scheme)
    assert [(e.question, e.category) for e in found] == [("1", "104")]  # the scheme's only question


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"category"', "not a JSON object"),
        (
            {"category": "hail", "text": "x"},
            "category is 'hail', 'lost' has: rain, snow, wind, other, no_cause",
        ),
        ({"category": "rain"}, "text: Field required"),
        ({"category": "rain", "text": ""}, "text: String should have at least 1 character"),
        (
            {"category": "rain", "text": "x", "kind": "song"},
            "kind: Input should be 'word', 'phrase', 'clause', 'idiom' or 'statement'",
        ),
        ({"category": "rain", "text": "x", "weight": 2}, "weight: Extra inputs are not permitted"),
        (
            {"category": "rain", "text": "x", "question": "drawn"},
            "question is 'drawn', the scheme has: lost, won",
        ),
    ],
)
def test_bad_entries(tmp_path: Path, weather: Scheme, row: object, message: str) -> None:
    path = lexicon(tmp_path, {"category": "rain", "text": "regn"}, row)
    with pytest.raises(SchemeError) as caught:
        read_lexicon(path, weather)
    assert str(caught.value) == f"{path} line 2: {message}"


def test_bad_lexicon_files(tmp_path: Path, weather: Scheme) -> None:
    nameless = lexicon(tmp_path, {"category": "rain", "text": "regn"}, name="words.jsonl")
    with pytest.raises(SchemeError) as caught:
        read_lexicon(nameless, weather)
    assert str(caught.value) == (
        f"{nameless} line 1: question is missing; name the file after one of: lost, won"
    )
    latin = lexicon(tmp_path)
    latin.write_bytes('{"category": "rain", "text": "ö"}'.encode("cp1252"))
    for path in (latin, tmp_path / "none.jsonl"):
        with pytest.raises(SchemeError) as caught:
            read_lexicon(path, weather)
        assert str(caught.value) == f"{path}: not readable as JSON Lines in utf-8"


def test_many_bad_entries_are_counted(tmp_path: Path, weather: Scheme) -> None:
    path = lexicon(tmp_path, *["[]"] * 12)
    with pytest.raises(SchemeError) as caught:
        read_lexicon(path, weather)
    first, *shown, last = str(caught.value).split("\n")
    assert first == "12 faults in the lexicon:"
    assert len(shown) == 10
    assert last == "  and 2 more"
