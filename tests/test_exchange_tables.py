"""Hand-coded material and SPSS files, out and in; and the commands that exchange annotations."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import SCHEME
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exchange import MANY
from typer.testing import Result

from samorsak.annotations import Annotation, Marked, Store, categories_of, read_annotations
from samorsak.annotations import exchange as ex
from samorsak.answers.columns import Columns
from samorsak.answers.files import read_table
from samorsak.answers.table import Table
from samorsak.errors import AnnotationError, InputError
from samorsak.scheme import read_scheme
from samorsak.spss import (
    ResponseSet,
    Variable,
    cut,
    given_variables,
    holds,
    sps_text,
    variable_name,
    write_sav,
)

Run = Callable[..., Result]
MATRIX = """Nr;Svar;Region;Regn;snow;VIND;Ingen orsak angiven
1;Det regnade;Syd;1;0;0;0
2;Blåst och regn;Nord;1;;x;
3;Vet ej;Nord;0;0;0;1
"""


def table(text: str, id_: str = "Nr", answer: str = "Svar") -> Table:
    columns = Columns(id_, {"text": answer}, "")
    return read_table(Path("hand.csv"), text.encode(), columns)


HAND = ex.Fields("Svar", "Nr", "lost", "2024")


def test_hand_coded_columns_are_read_by_id_or_label() -> None:
    found = ex.read_wide(table(MATRIX), SCHEME, HAND)
    assert [(a.answer_id, a.round, a.question, a.categories) for a in found.annotations] == [
        ("1", "2024", "lost", ("rain",)),
        ("2", "2024", "lost", ("rain", "wind")),
        ("3", "2024", "lost", ()),
    ]
    assert found.notes == ("1 column taken for background and left out: 'Region'",)


def test_joined_codes_are_read_by_id_or_label() -> None:
    codes = 'Nr;Svar;Koder\n1;a;rain; \n2;b;"Snö, wind"\n3;c;no_cause\n4;d;\n'.replace("rain; ", "rain")
    found = ex.read_wide(table(codes), SCHEME, HAND, codes="Koder")
    assert [a.categories for a in found.annotations] == [("rain",), ("snow", "wind"), ()]
    assert found.notes == ("1 row without any mark left out as not coded",)
    both = ex.read_wide(table(codes), SCHEME, HAND, codes="Koder", unmarked="no_cause")
    assert [a.categories for a in both.annotations] == [("rain",), ("snow", "wind"), (), ()]


def test_rows_of_zeros_mean_what_the_user_says() -> None:
    zeros = MATRIX + "4;Jo;Syd;0;0;0;0\n5;Nja;Syd;;;;\n"
    with pytest.raises(AnnotationError) as caught:
        ex.read_wide(table(zeros), SCHEME, HAND)
    assert str(caught.value) == (
        "hand.csv: 1 row with 0 everywhere, the first hand.csv line 5: read and no cause, or not coded? say it "
        "with --unmarked no_cause or --unmarked undecided"
    )
    left = ex.read_wide(table(zeros), SCHEME, HAND, unmarked="undecided")
    assert [a.answer_id for a in left.annotations] == ["1", "2", "3"]
    assert left.notes[1:] == (
        "1 row without any mark left out as not coded",
        "1 row without a cause left out as not coded",
    )
    taken = ex.read_wide(table(zeros), SCHEME, HAND, unmarked="no_cause")
    assert [a.categories for a in taken.annotations][3:] == [(), ()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nr;Svar;Regn\n1;a;2\n", "hand.csv line 2: 'Regn' is '2', expected 0 or 1"),
        ("Nr;Svar;Regn\n1;a;Det regnade mest\n", "hand.csv line 2: 'Regn' is 16 characters, expected 0 or 1"),
        (
            "Nr;Svar;Region\n1;a;Syd\n",
            "hand.csv: no column is called as a category of the scheme or 'codes'; name columns by ids or labels "
            "('samorsak scheme show'), or the column of codes with --codes",
        ),
        ("Nr;Svar;Regn;Sol\n1;a;1;1\n", "hand.csv line 2: 'Sol' is marked, and 'lost' has no such category"),
        (
            "Nr;Svar;Regn;no_cause\n1;a;1;1\n",
            "hand.csv line 2: category 2 is 'no_cause', expected it alone; take ",
        ),
        (
            "Nr;Svar;Regn\n1;a;1\n1;a;1\n",
            "hand.csv line 3: the answer is decided on hand.csv line 2 already, expected once; take one out",
        ),
    ],
)
def test_cells_that_do_not_fit_are_refused(text: str, said: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        ex.read_wide(table(text), SCHEME, HAND)
    assert str(caught.value).startswith(said)


def as_csv(header: list[str], rows: list[list[Any]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    return file.getvalue().encode()


@given(MANY.filter(len), st.booleans())
def test_a_table_keeps_which_causes_and_all_else(before: list[Annotation], joined: bool) -> None:
    written = ex.wide_rows(before, SCHEME, joined=joined)
    header, rows = written.content
    assert bool(written.lost) == any(a.statements for a in before)
    raw = as_csv(header, rows)
    found = read_table(Path("a.csv"), raw, Columns("answer_id", {"text": "text"}, ""), encoding="utf-8")
    back = ex.read_wide(found, SCHEME, codes="codes" if joined else None)

    def held(a: Annotation) -> Any:
        given = categories_of(a) if a.decided else None
        return (a.answer_id, a.round, a.question, a.text, given, a.annotator, a.made_at, a.origin, a.flags)

    assert sorted(map(held, back.annotations)) == sorted(map(held, before))
    assert [a.scheme for a in back.annotations] == [a.scheme for a in before]


# --- SPSS


def test_names_are_such_as_spss_takes() -> None:
    assert variable_name("with") == "v_with"
    assert variable_name("a" * 40, "ö" * 40) == "a" * 40 + "_" + "ö" * 11
    assert cut("åäö", 3) == "å"
    assert (holds("a"), holds("a "), holds("å" * 16_384)) == (True, False, False)
    with pytest.raises(InputError, match="lost: two categories have one name in SPSS; rename one of them"):
        given_variables("lost", "?", {"a b": "", "a-b": ""}, [])


def test_a_sav_holds_labels_and_missing_values(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    labels = {"rain": "Regn", "snow": "Snö", "no_cause": "Ingen orsak"}
    variables, sets = given_variables("lost", "Varför?", labels, [{"rain"}, None, {"no_cause"}])
    texts = Variable("text", "Svar", ("😀 a\nb", "", "c"))
    write_sav(tmp_path / "a.sav", [texts, *variables], "Väder")
    held, meta = pyreadstat.read_sav(tmp_path / "a.sav", output_format="dict")
    assert list(held["text"]) == ["😀 a\nb", "", "c"]
    assert [None if v is None or v != v else v for v in held["lost_rain"]] == [1, None, 0]
    assert meta.column_names_to_labels["lost_snow"] == "Snö"
    assert meta.variable_value_labels["lost_no_cause"] == {0: "Nej", 1: "Ja"}
    assert sets == [
        ResponseSet("$lost", "Varför?", ("lost_rain", "lost_snow")),
        ResponseSet("$lost_all", "Varför?", ("lost_rain", "lost_snow", "lost_no_cause")),
    ]
    first = (tmp_path / "a.sav").read_bytes()
    write_sav(tmp_path / "a.sav", [texts, *variables], "Väder")
    assert (tmp_path / "a.sav").read_bytes() == first
    assert first[92:109] == b"01 Jan 0000:00:00"
    with pytest.raises(InputError, match="two variables have one name; rename a category"):
        write_sav(tmp_path / "b.sav", [texts, texts])
    with pytest.raises(InputError, match="cannot be written; close it in other programs"):
        write_sav(tmp_path / "none" / "a.sav", [texts])


def test_quotes_and_breaks_stay_inside_a_label_of_syntax() -> None:
    shown = sps_text("o'b.sav", [ResponseSet("$a", "It's\n'so'.", ("x", "y"))])
    assert "GET FILE='o''b.sav'." in shown
    assert "LABEL='It''s ''so''.'" in shown
    assert max(map(len, shown.splitlines())) < 256


@settings(max_examples=25)
@given(MANY.filter(len))
def test_an_spss_file_keeps_what_it_can_hold(tmp_path_factory: Any, before: list[Annotation]) -> None:
    pytest.importorskip("pyreadstat")
    place = tmp_path_factory.mktemp("sav") / "a.sav"
    laid = ex.spss_variables(before, SCHEME)
    write_sav(place, laid.content[0])
    found = read_table(place, place.read_bytes(), Columns("answer_id", {"text": "text"}, ""))
    back = ex.read_wide(found, SCHEME)

    def held(a: Annotation) -> Any:
        given = categories_of(a) if a.decided else None
        return (a.answer_id, a.round, a.question, a.text.rstrip(" "), given, a.note.rstrip(" "), a.made_at)

    assert sorted(map(held, back.annotations)) == sorted(map(held, before))
    cut_off = any(text != text.rstrip(" ") for a in before for text in (a.text, a.note))
    assert any("spaces at the end" in said for said in laid.lost) == cut_off


# --- commands

FORMATS = {
    "label-studio": "a.json",
    "doccano": "a2.jsonl",
    "docbin": "a.spacy",
    "wide": "a.xlsx",
    "wide-codes": "a.csv",
    "spss": "a.sav",
}
DECIDED = [
    {
        "answer_id": "17/missed",
        "round": "2025",
        "question": "missed",
        "text": "😀 Tidsbrist, ring 070-174 06 05.",
        "statements": [{"start": 2, "end": 11, "category": "limited_resources"}],
        "annotator": "kl",
    },
    {"answer_id": "18/missed", "round": "2025", "question": "missed", "text": "=Vet ej", "statements": []},
]


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    path = tmp_path / "decided.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in DECIDED), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_annotations_go_out_and_come_back(samorsak: Run, decided: Path, tmp_path: Path, form: str) -> None:
    if form == "spss":
        pytest.importorskip("pyreadstat")
    out = FORMATS[form]
    done = samorsak("annotations", "export", decided, "--format", form, "-o", out)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["annotations: 2", f"written:     {out}"]
    first = (tmp_path / out).read_bytes()
    samorsak("annotations", "export", decided, "--format", form, "-o", out)
    assert (tmp_path / out).read_bytes() == first
    assert b"070" not in first
    back = samorsak("annotations", "import", out, "--format", form, "-o", "back.jsonl", "--annotator", "kl")
    if back.exit_code:  # rows of two hands
        assert "decisions of 2 annotators, expected one" in back.stderr
        back = samorsak("annotations", "import", out, "--format", form, "-o", "back.jsonl")
    assert back.stdout == "annotations: 2\nwritten:     back.jsonl\n"
    found = read_annotations([tmp_path / "back.jsonl"], read_scheme("af"))
    assert [a.text for a in found] == ["😀 Tidsbrist, ring [telefon].", "=Vet ej"]
    assert [set(categories_of(a)) for a in found] == [{"limited_resources"}, {"no_cause"}]
    if form in ("label-studio", "doccano", "docbin"):
        assert found[0].statements == (Marked(2, 11, "limited_resources"),)
    again = samorsak("annotations", "import", out, "--format", form, "-o", "back.jsonl")
    assert again.stderr == "back.jsonl: exists already; choose another file, or a folder to add to\n"


def test_hand_coded_material_comes_into_a_store_once(samorsak: Run, tmp_path: Path) -> None:
    text = "Nr;Svar;Regelverk och lagstiftning;no_cause;Region\n1;Lagen;1;;Syd\n2;Vet ej;0;1;Syd\n"
    (tmp_path / "hand.csv").write_text(text, encoding="utf-8")
    line = "annotations import hand.csv --format wide --text Svar --id Nr --question missed --round 2023 -o store"
    nameless = samorsak(*line.split())
    assert (nameless.exit_code, nameless.stdout) == (1, "")
    assert nameless.stderr == (
        "annotator is '', expected letters, digits, - and _; it names the file of the log; say it with "
        "--annotator\n"
    )
    assert not (tmp_path / "store").exists()
    done = samorsak(*line.split(), "--annotator", "kl")
    assert done.stdout == "annotations: 2\nwritten:     store\n"
    assert done.stderr == "note: 1 column taken for background and left out: 'Region'\n"
    held = [recorded.annotation for recorded in Store(tmp_path / "store", read_scheme("af")).view()]
    assert [(a.answer_id, a.round, a.categories, a.annotator) for a in held] == [
        ("1", "2023", ("regulations",), "kl"),
        ("2", "2023", (), "kl"),
    ]
    again = samorsak(*line.split(), "--annotator", "kl")
    assert "note: 2 decisions in the store already, passed over" in again.stderr
    (tmp_path / "hand.csv").write_text(text.replace("1;Lagen;1;;", "1;Lagen;0;1;"), encoding="utf-8")
    changed = samorsak(*line.split(), "--annotator", "kl")
    assert "note: 1 decision in the place of earlier ones of the same annotator" in changed.stderr
    assert len((tmp_path / "store" / "kl.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_each_annotator_s_decision_goes_out(samorsak: Run, tmp_path: Path) -> None:
    store = Store(tmp_path / "store", read_scheme("af"))
    done = Annotation("1", "2024", "missed", "Lagen.", (Marked(0, 5, "regulations"),), None, "", "kl")
    first = store.append(done)
    store.append(replace(done, annotator="mn", statements=()))
    store.undo(store.append(replace(done, statements=())).id, "kl")
    samorsak("annotations", "export", "store", "--format", "label-studio", "-o", "a.json")
    (task,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [len(one["result"]) for one in task["annotations"]] == [1, 0]
    back = samorsak("annotations", "import", "a.json", "--format", "label-studio", "-o", "again")
    assert back.stdout == "annotations: 2\nwritten:     again\n"
    held = Store(tmp_path / "again", read_scheme("af")).view()
    assert [recorded.annotation.annotator for recorded in held] == ["kl", "mn"]
    assert held[0].annotation == first.annotation
    rows = [{**DECIDED[1], "statements": []}, {**DECIDED[1], "categories": ["regulations"]}]
    del rows[1]["statements"]
    for name, row in zip("ab", rows, strict=True):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    twice = samorsak("annotations", "export", "a.jsonl", "b.jsonl", "--format", "wide", "-o", "a.csv")
    assert twice.stderr == (
        "b.jsonl: answer '18/missed' is decided otherwise than in a, by the same annotator or by one without a "
        "name; keep one of them\n"
    )


def test_nothing_is_imported_half(samorsak: Run, tmp_path: Path) -> None:
    text = "Nr;Svar;Regelverk och lagstiftning\n1;Lagen;1\n2;Lagen;kanske\n3;Lagen;nog\n"
    (tmp_path / "hand.csv").write_text(text, encoding="utf-8")
    line = "annotations import hand.csv --format wide --text Svar --id Nr --question missed --annotator kl -o"
    for out in ("store", "a.jsonl"):
        done = samorsak(*line.split(), out)
        assert (done.exit_code, done.stderr.splitlines()) == (
            1,
            [
                "2 faults, and nothing imported:",
                "  hand.csv line 3: 'Regelverk och lagstiftning' is 'kanske', expected 0 or 1",
                "  hand.csv line 4: 'Regelverk och lagstiftning' is 'nog', expected 0 or 1",
            ],
        )
        assert not (tmp_path / out).exists()


def test_files_that_do_harm_are_one_line(samorsak: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2**27)
    (tmp_path / "latin.json").write_bytes(b'["\xe5"]')
    (tmp_path / "empty.json").write_text("[]", encoding="utf-8")
    bomb = samorsak("annotations", "import", "bomb.xlsx", "--format", "wide", "-o", "a.jsonl")
    assert (bomb.exit_code, bomb.stderr.count("\n")) == (1, 1)
    assert bomb.stderr.startswith("bomb.xlsx: unpacks from ")
    said = {
        "latin.json": "latin.json: not utf-8, expected the file as it was exported\n",
        "empty.json": "empty.json: no decision in it, expected at least one\n",
        "none.json": "none.json: no such file; check the folder and the spelling\n",
    }
    for name, expected in said.items():
        assert samorsak(
            "annotations", "import", name, "--format", "label-studio", "-o", "a.jsonl"
        ).stderr == (expected)
    wrong = samorsak("annotations", "export", "empty.json", "--format", "wide", "-o", "a.docx")
    assert wrong.stderr == "a.docx: expected a name that ends in .xlsx or .csv for wide\n"
    assert not (tmp_path / "a.jsonl").exists()
