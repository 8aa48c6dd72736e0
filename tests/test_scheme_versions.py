"""The next version of a scheme, its crosswalk, and rounds counted across versions."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from samorsak.errors import SchemeError
from samorsak.scheme import (
    Category,
    Merge,
    New,
    Scheme,
    Split,
    crosswalk,
    differences,
    next_version,
    proposals_text,
    read_lexicon,
    read_proposals,
    read_scheme,
)

Run = Callable[..., Result]

WEATHER = """
name: Väder
residual:
  other: {label_sv: Övrigt}
borders: ["Ice: snow."]
questions:
  lost:
    categories:
      rain: {label_sv: Regn, definition: Water., not: "Hail: snow.", report: {2023: rain}}
      snow: {label_sv: Snö, definition: Flakes., report: {2023: rain}}
      wind: {label_sv: Vind, definition: Air., report: {2023: null}}
      calm: {label_sv: Stiltje, definition: No air., report: {2023: null}}
  won:
    categories:
      sun: {label_sv: Sol, definition: Light.}
published: {2023: {rain: 0.4}}
"""

PROPOSALS = """
- kind: new
  accept: yes
  question: lost
  id: hail
  label_sv: Hagel
  definition: Ice that falls.
  evidence: {statements: 14, share: 0.03}
  examples: ["det haglade"]
- kind: split
  accept: yes
  question: lost
  from: rain
  to:
    drizzle: {label_sv: Duggregn, definition: Little water.}
    shower: {label_sv: Skur, definition: Much water., report: {2023: null}}
- kind: merge
  accept: yes
  question: lost
  from: [wind, calm]
  to: wind
- kind: border
  accept: yes
  question: lost
  between: [hail, other]
  rule: "Hard ice: hail."
- kind: rename
  accept: yes
  question: won
  from: sun
  to: sunshine
  label_sv: Solsken
- kind: move
  accept: yes
  question: lost
  from: snow
  to_question: won
- kind: new
  accept: no
  id:
"""

LEXICON = [
    '{"category": "rain", "text": "regnet"}',
    '{"text":  "snö",  "category": "snow"}',
    '{"category": "calm", "text": "stiltje"}',
    '{"category": "wind", "text":  "vind"}',
    '{"category": "sun", "text": "sol", "question": "won"}',
]

MADE = """\
version: 2
name: Väder
borders:
  - 'Ice: snow.'
  - 'Hard ice: hail.'
residual:
  other:
    label_sv: Övrigt
questions:
  lost:
    categories:
      drizzle:
        label_sv: Duggregn
        definition: Little water.
        report:
          '2023': rain
      shower:
        label_sv: Skur
        definition: Much water.
        report:
          '2023':
      wind:
        label_sv: Vind
        definition: Air.
        report:
          '2023':
      hail:
        label_sv: Hagel
        definition: Ice that falls.
  won:
    categories:
      sunshine:
        label_sv: Solsken
        definition: Light.
      snow:
        label_sv: Snö
        definition: Flakes.
        report:
          '2023': rain
lines:
  '2023':
    rain:
      label_sv: Regn
published:
  '2023':
    rain: 0.4
crosswalk:
  - step: new
    question: lost
    to:
      - hail
    before: 1
    after: 2
  - step: split
    question: lost
    from:
      - rain
    to:
      - drizzle
      - shower
    before: 1
    after: 2
  - step: merge
    question: lost
    from:
      - wind
      - calm
    to:
      - wind
    before: 1
    after: 2
  - step: rename
    question: won
    from:
      - sun
    to:
      - sunshine
    before: 1
    after: 2
  - step: move
    question: lost
    to_question: won
    from:
      - snow
    to:
      - snow
    before: 1
    after: 2
"""


@pytest.fixture
def weather(tmp_path: Path) -> Path:
    folder = tmp_path / "weather"
    (folder / "lexicon").mkdir(parents=True)
    (folder / "scheme.yaml").write_text(WEATHER, encoding="utf-8")
    (folder / "lexicon" / "lost.jsonl").write_text("\n".join(LEXICON), encoding="utf-8")
    return folder


@pytest.fixture
def proposals(tmp_path: Path) -> Path:
    path = tmp_path / "proposals.yaml"
    path.write_text(PROPOSALS.replace("[hail, other]", "[snow, other]"), encoding="utf-8")
    return path


def rows(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_the_accepted_proposals_make_the_next_version(samorsak: Run, weather: Path, proposals: Path) -> None:
    result = samorsak("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "second")
    second = weather.parent / "second"
    assert (second / "scheme.yaml").read_text(encoding="utf-8") == MADE
    old, new = read_scheme(weather), read_scheme(second)
    compared = [
        "version:      1 -> 2",
        f"fingerprint:  {old.fingerprint()} -> {new.fingerprint()}",
        "split:        lost.rain -> lost.drizzle, lost.shower (both counted as rain)",
        "merged:       lost.wind, lost.calm -> lost.wind (both counted as wind)",
        "new:          lost.hail (no earlier figure)",
        "renamed:      won.sun -> won.sunshine (both counted as sunshine)",
        "label:        won.sunshine 'Sol' -> 'Solsken'",
        "moved:        lost.snow -> won.snow (in answers to another question, not compared)",
        "border:       + Hard ice: hail.",
        "differences:  7",
    ]
    files = [Path("scheme.yaml"), Path("lexicon", "lost.jsonl"), Path("lexicon-split", "lost.jsonl")]
    assert result.stdout.splitlines() == [
        *compared,
        "note:         lost: 1 lexicon entry now under wind",
        "note:         won: 1 lexicon entry now under sunshine",
        "note:         lost: 1 lexicon entry now under snow of won",
        "note:         lost: 1 lexicon entry of a split category stays with rain in lexicon-split; "
        "give each to one of drizzle, shower",
        *(f"written:      {Path('second') / file}" for file in files),
    ]
    assert samorsak("scheme", "diff", "weather", "second").stdout.splitlines() == compared
    assert new.line_label("lost", "rain", "2023") == "Regn"  # named by a category that is gone


def test_the_lexicon_moves_along(samorsak: Run, weather: Path, proposals: Path) -> None:
    assert (
        samorsak("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "second").exit_code == 0
    )
    second = weather.parent / "second"
    assert rows(second / "lexicon" / "lost.jsonl") == [
        '{"text": "snö", "category": "snow", "question": "won"}',
        '{"category": "wind", "text": "stiltje"}',
        LEXICON[3],  # as it was written
        '{"category": "sunshine", "text": "sol", "question": "won"}',
    ]
    assert rows(second / "lexicon-split" / "lost.jsonl") == [
        '{"category": "rain", "text": "regnet", "question": "lost"}'
    ]
    read = read_lexicon(second / "lexicon", read_scheme(second))
    assert [(e.question, e.category) for e in read] == [
        ("won", "snow"),
        ("lost", "wind"),
        ("lost", "wind"),
        ("won", "sunshine"),
    ]
    # what waits goes on waiting in the version after
    proposals.write_text(
        "[{kind: rename, accept: yes, question: lost, from: wind, label_sv: Blåst}]", encoding="utf-8"
    )
    assert (
        samorsak("scheme", "apply", "proposals.yaml", "--scheme", "second", "--out", "third").exit_code == 0
    )
    third = weather.parent / "third"
    for name in ("lexicon", "lexicon-split"):
        assert rows(third / name / "lost.jsonl") == rows(second / name / "lost.jsonl")
    assert read_scheme(third).fingerprint() == read_scheme(second).fingerprint()  # a label means nothing else


def test_a_part_may_keep_the_parents_id(samorsak: Run, weather: Path, proposals: Path) -> None:
    parts = "{rain: {label: Regn, definition: Drops.}, sleet: {label: Slask, definition: Both.}}"
    proposals.write_text(
        f"[{{kind: split, accept: yes, question: lost, from: rain, to: {parts}}}]", encoding="utf-8"
    )
    (weather / "lexicon" / "won.jsonl").write_text("", encoding="utf-8")
    result = samorsak("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "second")
    second = weather.parent / "second"
    assert (second / "lexicon" / "won.jsonl").read_bytes() == b""
    assert result.stdout.splitlines()[2:-3] == [
        "split:        lost.rain -> lost.rain, lost.sleet (both counted as rain)",
        "definition:   lost.rain",
        "differences:  2",
        "note:         lost: 1 lexicon entry of a split category stays under rain until they are annotated",
    ]
    assert rows(second / "lexicon" / "lost.jsonl") == LEXICON
    assert not (second / "lexicon-split").exists()


def test_texts_that_name_a_lost_id_are_pointed_out(samorsak: Run, weather: Path, proposals: Path) -> None:
    proposals.write_text(
        "[{kind: rename, accept: yes, question: lost, from: snow, to: flakes}]", encoding="utf-8"
    )
    result = samorsak("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "second")
    assert [line for line in result.stdout.splitlines() if "names" in line] == [
        "note:         border 1 still names snow",
        "note:         lost.rain still names snow",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: new", "p.yaml: found dict, expected a list of proposals"),
        (
            "- kind: new\n  accept: no",
            "p.yaml: no proposal is accepted; write 'accept: yes' in those to apply",
        ),
        ("[]", "p.yaml: no proposal is accepted; write 'accept: yes' in those to apply"),
        ("- kind: new\n  kind: new", "p.yaml line 2: 'kind' stands twice"),
        ("- rain", "p.yaml line 1: found str, expected a mapping with 'kind'"),
        (
            "- kind: drop",
            "p.yaml line 1: kind is 'drop', expected one of: new, split, merge, border, rename, move",
        ),
        ("- {kind: new, accept: maybe}", "p.yaml line 1: accept is 'maybe', expected yes or no"),
        ("- {kind: new, accept: yes, question: lost}", "p.yaml line 1: id: Field required"),
        (
            "- {kind: new, accept: yes, question: drawn, id: hail}",
            "p.yaml line 1: question is 'drawn', the scheme has: lost, won",
        ),
        (
            "- {kind: new, accept: yes, question: lost, id: hail, definition: Ice.}",
            "p.yaml line 1: 'hail' has no label; write label, label_sv or label_en",
        ),
        (
            "- {kind: new, accept: yes, question: lost, id: hail, label: Hail, definition: ''}",
            "p.yaml line 1: 'hail' has no definition; write what belongs to it",
        ),
        (
            "- {kind: new, accept: yes, question: lost, id: snow, label: Hail, definition: Ice.}",
            "p.yaml line 1: id is 'snow', which 'lost' has already; choose another",
        ),
        (
            "- {kind: new, accept: yes, question: lost, id: other, label: Hail, definition: Ice.}",
            "p.yaml line 1: id is 'other', that of a residual; choose another",
        ),
        (
            "- {kind: new, accept: yes, question: lost, id: hail, label: Snö, definition: Ice.}",
            "p.yaml: the scheme made questions.lost.hail: has the same label as 'snow'",
        ),
        (
            "- {kind: rename, accept: yes, question: lost, from: hail, to: ice}",
            "p.yaml line 1: category is 'hail', 'lost' has: rain, snow, wind, calm",
        ),
        (
            "- {kind: rename, accept: yes, question: lost, from: snow}",
            "p.yaml line 1: neither to nor a label is given; write the id or the label it is to have",
        ),
        (
            "- {kind: move, accept: yes, question: lost, from: snow, to_question: lost}",
            "p.yaml line 1: to_question is 'lost', where the category is already",
        ),
        (
            "- {kind: merge, accept: yes, question: lost, from: [snow], to: snow}",
            "p.yaml line 1: from is snow, expected two categories or more to merge",
        ),
        (
            "- {kind: merge, accept: yes, question: lost, from: [snow, wind], to: snow}",
            "p.yaml line 1: report 2023 counts them under rain and other; write report: {2023: LINE}",
        ),
        (
            "- {kind: border, accept: yes, question: lost, between: [rain, hail], rule: R.}",
            "p.yaml line 1: category is 'hail', 'lost' has: rain, snow, wind, calm, other, no_cause",
        ),
        (
            "- {kind: border, accept: yes, question: lost, between: [rain, snow], rule: ' '}",
            "p.yaml line 1: rule is empty; write one that decides between the categories",
        ),
        (
            "- {kind: rename, accept: yes, question: lost, from: snow, to: a}\n\n"
            "- {kind: move, accept: yes, question: lost, from: snow, to_question: won}\n"
            "- {kind: rename, accept: yes, question: won, from: moon, to: b}",
            "2 faults in the proposals:\n"
            "  p.yaml line 3: 'snow' is in an earlier accepted proposal; accept one now, and one in the next "
            "version\n"
            "  p.yaml line 4: category is 'moon', 'won' has: sun",
        ),
    ],
)
def test_what_cannot_be_applied(samorsak: Run, weather: Path, text: str, message: str) -> None:
    (weather.parent / "p.yaml").write_text(text, encoding="utf-8")
    result = samorsak("scheme", "apply", "p.yaml", "--scheme", "weather", "--out", "second")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{message}\n")
    assert not (weather.parent / "second").exists()


def test_a_folder_in_use_is_left_alone(samorsak: Run, weather: Path, proposals: Path) -> None:
    result = samorsak("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "weather")
    assert (result.exit_code, result.stderr) == (1, "weather: exists already; choose another folder\n")


def made(*ids: str, version: int = 1) -> Scheme:
    return Scheme.model_validate(
        {
            "version": version,
            "questions": {
                "q": {"categories": {c: {"label": c.upper(), "definition": f"{c}."} for c in ids}},
                "r": {"categories": {"z": {}}},
            },
        }
    )


def part(id_: str) -> Category:
    return Category(label=id_.upper(), definition=f"{id_}.")


def units(old: Scheme, new: Scheme) -> list[tuple[str, str, str, str]]:
    return [
        (u.category, u.status, " ".join(c for _, c in u.old), " ".join(c for _, c in u.new))
        for u in crosswalk(old, new).units
        if u.question == "q" and u.category != "no_cause"
    ]


def test_rounds_are_counted_across_versions() -> None:
    first = made("a", "b", "c")
    second = next_version(
        first,
        {
            1: Split.model_validate(
                {"question": "q", "from": "a", "to": {"a1": part("a1"), "a2": part("a2")}}
            ),
            2: New(question="q", id="n", label="N", definition="n."),
        },
    )
    assert units(first, first) == [(c, "same", c, c) for c in "abc"]
    assert units(first, second) == [
        ("a", "split", "a", "a1 a2"),
        ("b", "same", "b", "b"),
        ("c", "same", "c", "c"),
        ("n", "new", "", "n"),
    ]
    found = crosswalk(first, second)
    assert found.of_new("q", "a2") is found.of_old("q", "a")
    assert found.of_new("q", "a2").comparable
    assert not found.of_new("q", "n").comparable
    assert found.of_new("q", "no_cause").status == "same"
    with pytest.raises(SchemeError) as caught:
        found.of_old("q", "n")
    assert str(caught.value) == "category is 'n', the old version of 'q' has none such"

    merged = {"label": "M", "definition": "m."}
    third = next_version(
        second,
        {
            1: Merge.model_validate({"question": "q", "from": ["a2", "b"], "to": "m", **merged}),
            2: Merge.model_validate({"question": "q", "from": ["n"], "to": "c"}),
        },
    )
    assert third.version == 3
    assert units(second, third) == [
        ("a1", "same", "a1", "a1"),
        ("m", "merged", "a2 b", "m"),
        ("c", "merged", "c n", "c"),
    ]
    assert units(first, third) == [
        ("a+b", "regrouped", "a b", "a1 m"),
        ("c", "widened", "c", "c"),  # it holds n, which the first version did not have
    ]
    assert not crosswalk(first, third).of_old("q", "c").comparable


def test_a_split_of_what_is_new_has_no_earlier_figure() -> None:
    first = made("a")
    second = next_version(first, {1: New(question="q", id="n", label="N", definition="n.")})
    split = {"question": "q", "from": "n", "to": {"n1": part("n1"), "n2": part("n2")}}
    third = next_version(second, {1: Split.model_validate(split)})
    assert units(first, third) == [("a", "same", "a", "a"), ("n1", "new", "", "n1"), ("n2", "new", "", "n2")]


def test_an_id_that_is_gone_does_not_come_back() -> None:
    split = {"question": "q", "from": "a", "to": {"a1": part("a1"), "a2": part("a2")}}
    second = next_version(made("a"), {1: Split.model_validate(split)})
    with pytest.raises(SchemeError) as caught:
        next_version(second, {7: New(question="q", id="a", label="A", definition="a.")})
    assert str(caught.value) == (
        "proposals line 7: id is 'a', that of a category of an earlier version; choose another"
    )
    by_hand = second.model_copy(update={"questions": {**second.questions, **made("a", "a1", "a2").questions}})
    with pytest.raises(SchemeError) as caught:
        crosswalk(made("a"), by_hand)
    assert str(caught.value) == (
        "category 'a' of 'q' means two things in the versions' crosswalk; give the later one an id of its own"
    )


def test_what_was_changed_by_hand_is_told(samorsak: Run, tmp_path: Path) -> None:
    assert units(made("a", "b"), made("a", "c")) == [
        ("a", "same", "a", "a"),
        ("c", "new", "", "c"),
        ("b", "gone", "b", ""),
    ]
    old, new = WEATHER, WEATHER.replace("calm:", "fog:").replace("Water.", "Drops.").replace("Ice:", "Hail:")
    for name, text in (
        ("old", old),
        ("new", new.replace("{2023: rain}}\n      snow", "{2023: wet}}\n      snow")),
    ):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert samorsak("scheme", "diff", "old.yaml", "new.yaml").stdout.splitlines()[2:] == [
        "definition:   lost.rain",
        "report:       lost.rain",
        "new:          lost.fog (no earlier figure)",
        "gone:         lost.calm (no later figure)",
        "border:       - Ice: snow.",
        "border:       + Hail: snow.",
        "differences:  6",
    ]


def test_versions_are_given_in_order() -> None:
    second = next_version(made("a"), {1: New(question="q", id="n", label="N", definition="n.")})
    with pytest.raises(SchemeError) as caught:
        differences(second, made("a"))
    assert str(caught.value) == (
        "the new scheme (version 1) is no later version of the old (version 2); "
        "give an earlier version, then one made of it"
    )


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{step: merge, question: q, from: [a], to: [b], before: 1, after: 2}", "a merge from 1 to 1 ids, expected n to 1"),
        ("{step: rename, question: q, to_question: r, from: [a], to: [b], before: 1, after: 2}", "to_question stands in a move, and only there"),
        ("{step: move, question: q, from: [a], to: [b], before: 1, after: 2}", "to_question stands in a move, and only there"),
        ("{step: new, question: q, to: [b], before: 2, after: 3}", "from version 2 to 3, expected a step forward to at most the scheme's version 2"),
    ],
)  # fmt: skip
def test_steps_that_cannot_be(tmp_path: Path, step: str, message: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        f"version: 2\nquestions: {{q: {{categories: {{b: {{}}}}}}}}\ncrosswalk: [{step}]\n", encoding="utf-8"
    )
    with pytest.raises(SchemeError) as caught:
        read_scheme(path)
    assert str(caught.value) == f"{path} crosswalk.0: {message}"


def test_proposals_are_written_for_a_person(tmp_path: Path) -> None:
    empty = Category(label_sv=None, definition=None)
    split = Split.model_validate(
        {
            "question": "lost",
            "from": "rain",
            "to": {"rain_1": empty, "rain_2": empty},
            "evidence": {"statements": 14, "share": 0.25},
            "examples": ["=det: regnade", "no"],
        }
    )
    text = proposals_text(
        [split, New(question="lost", id="hail", label="Hagel", definition="Is.", accept=True)]
    )
    assert text == (
        "- kind: split\n  accept: no\n  question: lost\n  from: rain\n"
        "  to:\n    rain_1:\n      label_sv:\n      definition:\n    rain_2:\n      label_sv:\n      definition:\n"
        "  evidence:\n    statements: 14\n    share: 0.25\n"
        "  examples:\n    - '=det: regnade'\n    - 'no'\n"
        "\n"
        "- kind: new\n  accept: yes\n  question: lost\n  id: hail\n  label: Hagel\n  definition: Is.\n"
    )
    path = tmp_path / "proposals.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_proposals(path) == {
        19: New(question="lost", id="hail", label="Hagel", definition="Is.", accept=True)
    }
    path.write_text(text.replace("accept: no", "accept: yes"), encoding="utf-8")
    assert read_proposals(path)[1] == split.model_copy(update={"accept": True})


def test_lexicon_lines_may_hold_any_line_break_within(samorsak: Run, weather: Path, proposals: Path) -> None:
    line = json.dumps({"category": "wind", "text": "vind\u2028byar"}, ensure_ascii=False)
    (weather / "lexicon" / "lost.jsonl").write_text(line, encoding="utf-8")
    assert (
        samorsak("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "second").exit_code == 0
    )
    assert (weather.parent / "second" / "lexicon" / "lost.jsonl").read_text(encoding="utf-8") == f"{line}\n"


def test_the_proposals_of_the_readme_can_be_applied(samorsak: Run, tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    block = page.partition("```text\n- kind: new")[2].partition("```")[0]
    text = f"- kind: new{block}".replace("\n  question", "\n  accept: yes\n  question")
    text = text.replace("where it is not said\n  accept: yes\n", "where it is not said\n")
    (tmp_path / "proposals.yaml").write_text(text, encoding="utf-8")
    assert samorsak("scheme", "apply", "proposals.yaml", "--out", "af-2").exit_code == 0
    assert samorsak("scheme", "diff", "af", "af-2").stdout.splitlines()[2:] == [
        "merged:       achieved.routines, achieved.structures -> achieved.structures (both counted as structures)",
        "moved:        missed.reorganisation -> achieved.reorganisation (in answers to another question, not compared)",
        "split:        missed.limited_resources -> missed.limited_money, missed.limited_staff "
        "(both counted as limited_resources)",
        "renamed:      missed.regulations -> missed.law (both counted as law)",
        "new:          missed.recent_agreement (no earlier figure)",
        "border:       + Decided by law: regulations.",
        "differences:  6",
    ]


def test_a_line_keeps_its_name_when_its_category_moves(samorsak: Run, weather: Path, proposals: Path) -> None:
    proposals.write_text(
        "[{kind: move, accept: yes, question: lost, from: rain, to_question: won, to: wet}]", encoding="utf-8"
    )
    assert (
        samorsak("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "second").exit_code == 0
    )
    second = read_scheme(weather.parent / "second")
    assert second.report_lines("won", "2023") == ("rain", "other")
    assert second.line_label("won", "rain", "2023") == "Regn"


def test_what_waits_is_added_to(samorsak: Run, weather: Path, proposals: Path) -> None:
    waiting = weather / "lexicon-split"
    waiting.mkdir()
    (waiting / "lost.jsonl").write_bytes(b"\xff")
    apply = ("scheme", "apply", "proposals.yaml", "--scheme", "weather", "--out", "second")
    path = Path("weather") / "lexicon-split" / "lost.jsonl"
    assert samorsak(*apply).stderr == f"{path}: not readable as JSON Lines in utf-8\n"
    earlier = '{"category": "wet", "text": "bl\u00f6tt"}'  # without a line break at its end
    (waiting / "lost.jsonl").write_text(earlier, encoding="utf-8")
    assert samorsak(*apply).exit_code == 0
    assert rows(weather.parent / "second" / "lexicon-split" / "lost.jsonl") == [
        earlier,
        '{"category": "rain", "text": "regnet", "question": "lost"}',
    ]
