"""A scheme out to a REFI-QDA codebook and back, and codebooks of other programs and worse."""

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import SCHEME
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import Result

from samorsak.errors import SchemeError
from samorsak.scheme import Scheme, qdc_bytes, read_qdc, read_scheme
from samorsak.scheme.qdc import NAMESPACE
from samorsak.scheme.reading import contradictions

Run = Callable[..., Result]
GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
COLOUR = re.compile("#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")

# What the schema of the standard says (REFI-QDA 1.5, 5.2): of each element its attributes, those that must be
# there, and its children in order, each with how many there may be.
MANY = 10**9
ELEMENTS: dict[str, tuple[set[str], set[str], list[tuple[str, int, int]]]] = {
    "CodeBook": ({"origin"}, set(), [("Codes", 1, 1), ("Sets", 0, 1)]),
    "Codes": (set(), set(), [("Code", 1, MANY)]),
    "Sets": (set(), set(), [("Set", 1, MANY)]),
    "Code": (
        {"guid", "name", "isCodable", "color"},
        {"guid", "name", "isCodable"},
        [("Description", 0, 1), ("Code", 0, MANY)],
    ),
    "Set": ({"guid", "name"}, {"guid", "name"}, [("Description", 0, 1), ("MemberCode", 0, MANY)]),
    "MemberCode": ({"guid"}, {"guid"}, []),
    "Description": (set(), set(), []),
}


def violations(element: ET.Element) -> Iterator[str]:
    """Say where an element and those in it are not as the schema has them."""
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    allowed, required, children = ELEMENTS[name]
    if not required <= set(element.keys()) <= allowed:
        yield f"{name}: attributes {sorted(element.keys())}"
    if not GUID.fullmatch(element.get("guid", str(uuid.uuid4()))):
        yield f"{name}: guid {element.get('guid')}"
    if element.get("isCodable", "true") not in ("true", "false", "1", "0"):
        yield f"{name}: isCodable {element.get('isCodable')}"
    if not COLOUR.fullmatch(element.get("color", "#000")):
        yield f"{name}: color {element.get('color')}"
    if name != "Description" and (element.text or "").strip():
        yield f"{name}: text"
    found = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    order = [child for child, _, _ in children]
    if set(found) - set(order) or [order.index(child) for child in found] != sorted(map(order.index, found)):
        yield f"{name}: children {found}"
    for child, least, most in children:
        if not least <= found.count(child) <= most:
            yield f"{name}: {found.count(child)} {child}"
    for child in element:
        yield from violations(child)


def test_the_check_of_the_schema_can_fail() -> None:
    bad = (
        f'<CodeBook xmlns="{NAMESPACE}"><Sets><Set guid="1" name="a"/></Sets><Codes>'
        f'<Code guid="{uuid.uuid4()}" isCodable="ja"><Code/></Code></Codes></CodeBook>'
    )
    assert list(violations(ET.fromstring(bad))) == [
        "CodeBook: children ['Sets', 'Codes']",
        "Set: guid 1",
        "Code: attributes ['guid', 'isCodable']",
        "Code: isCodable ja",
        "Code: attributes []",
    ]


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("scheme", [SCHEME, read_scheme("af")], ids=["weather", "af"])
def test_a_scheme_comes_back_whole_and_is_valid(scheme: Scheme, lang: str) -> None:
    packed = qdc_bytes(scheme, lang)
    assert list(violations(ET.fromstring(packed))) == []
    back = read_qdc(packed, "x.qdc")
    assert back.scheme == scheme
    assert list(back.scheme.questions) == list(scheme.questions)
    for question in scheme.questions:
        assert back.scheme.outcomes(question) == scheme.outcomes(question)
        for report in scheme.reports():
            assert back.scheme.report_lines(question, report) == scheme.report_lines(question, report)
    assert back.scheme.fingerprint() == scheme.fingerprint()
    assert back.notes == ()
    assert qdc_bytes(back.scheme, lang) == packed


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LABELS = st.fixed_dictionaries({}, optional={"label_sv": TEXTS, "label_en": TEXTS, "label": TEXTS})
IDS = st.text("abcåäö 019_-.:", min_size=1, max_size=8).map(str.strip).filter(bool)
CATEGORIES = st.dictionaries(
    IDS,
    st.builds(
        dict.__or__,
        LABELS,
        st.fixed_dictionaries(
            {},
            optional={
                "definition": TEXTS,
                "not": TEXTS,
                "report": st.dictionaries(
                    st.sampled_from(["2023", "2024"]), st.sampled_from(["wet", "dry", None])
                ),
            },
        ),
    ),
    min_size=1,
    max_size=4,
)
SCHEMES = st.fixed_dictionaries(
    {
        "questions": st.dictionaries(
            IDS, st.fixed_dictionaries({"text_sv": TEXTS, "categories": CATEGORIES}), min_size=1, max_size=2
        )
    },
    optional={
        "version": st.integers(1, 9),
        "name": TEXTS,
        "borders": st.lists(TEXTS, max_size=2),
        "residual": st.fixed_dictionaries(
            {}, optional={"other": LABELS, "no_cause": st.fixed_dictionaries({"rule": TEXTS})}
        ),
        "lines": st.dictionaries(
            st.sampled_from(["2023", "2025"]), st.dictionaries(st.sampled_from(["wet", "new"]), LABELS)
        ),
        "published": st.dictionaries(IDS, st.lists(st.floats(0, 1) | TEXTS)),
    },
)


@settings(max_examples=60)
@example({"questions": {"0": {"text_sv": "", "categories": {"0": {}}}}, "name": "\xa0"})
@given(SCHEMES)
def test_any_scheme_comes_back_whole(raw: dict[str, object]) -> None:
    scheme = Scheme.model_validate(raw)
    if list(contradictions(scheme)):
        return
    packed = qdc_bytes(scheme)
    assert list(violations(ET.fromstring(packed))) == []
    assert read_qdc(packed, "x.qdc").scheme == scheme


def test_guids_tell_questions_versions_and_residuals_apart() -> None:
    guids = [
        element.get("guid")
        for element in ET.fromstring(qdc_bytes(read_scheme("af"))).iter()
        if element.tag.endswith(("}Code", "}Set"))
    ]
    assert len(guids) == len(set(guids))


def code(name: str, inside: str = "", codable: str = "true", **more: str) -> str:
    more = {"guid": str(uuid.uuid5(uuid.NAMESPACE_URL, name + inside)), **more}
    attributes = " ".join(f'{key}="{value}"' for key, value in more.items())
    return f'<Code name="{name}" isCodable="{codable}" {attributes}>{inside}</Code>'


def book(codes: str, rest: str = "", space: str = NAMESPACE) -> bytes:
    return f'<?xml version="1.0"?><CodeBook xmlns="{space}"><Codes>{codes}</Codes>{rest}</CodeBook>'.encode()


def test_a_codebook_of_another_program_becomes_a_scheme() -> None:
    tree = code("Time", code("Too late") + code("Too short", code("By far")), "false", color="#FF0000")
    text = "<Description> All that costs. </Description>"
    sets = f'<Sets><Set guid="{uuid.uuid4()}" name="A"/></Sets>'
    found = read_qdc(book(tree + code("Money", text), sets, "urn:QDA-XML:codebook:1:0"), "x.qdc")
    assert found.scheme.questions["time"].text == "Time"
    assert {c: v.label for c, v in found.scheme.questions["time"].categories.items()} == {
        "too_late": "Too late",
        "too_short": "Too short",
        "too_short_by_far": "Too short / By far",
    }
    assert found.scheme.questions["codes"].categories["money"].definition == "All that costs."
    assert found.notes == (
        "time: a code with codes below it, taken for a question",
        "codes: a question for the codes that stand alone",
        "1 sets are left out; a scheme has none of its own",
        "colours are left out; a scheme has none",
    )
    whole = read_qdc(book(tree + code("Money", text)), "x.qdc", ("why", "Why?")).scheme
    assert list(whole.questions["why"].categories) == [
        "time_too_late",
        "time_too_short",
        "time_too_short_by_far",
        "money",
    ]


def test_what_was_changed_in_the_other_program_is_kept() -> None:
    packed = qdc_bytes(SCHEME).decode()
    changed = packed.replace('name="Regn"', 'name="Ösregn"')
    end = changed.index("</Code>", changed.index('name="Vind"')) + len("</Code>")
    changed = changed[:end] + code("Hagel", "<Description>Is.</Description>") + changed[end:]
    found = read_qdc(changed.encode(), "x.qdc")
    lost = found.scheme.questions["lost"].categories
    assert (lost["rain"].label_sv, lost["rain"].label_en) == ("Ösregn", "Rain")
    assert (lost["hagel"].label, lost["hagel"].definition) == ("Hagel", "Is.")
    assert found.notes == ("lost: hagel is new, its id made of its name",)


NESTED = "<a>" * 60 + "</a>" * 60


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]><a/>',
            "x: has a document type (DOCTYPE), expected none; export the",
        ),
        (b"not xml", "x line 1: not XML, expected a REFI-QDA codebook (.qdc)"),
        (b"", "x line 1: not XML, expected a REFI-QDA codebook (.qdc)"),
        (
            b'<?xml version="1.0" encoding="none"?><a/>',
            "x: not XML, expected a REFI-QDA codebook (.qdc)",
        ),
        (
            b"<Project/>",
            "x: found 'Project', expected a CodeBook of urn:QDA-XML:codebook:1.0; export a codebook",
        ),
        (NESTED.encode(), "x: codes nested deeper than 50, expected a codebook"),
        (b" " * (2**24 + 1), "x: 16777217 bytes, expected a codebook of at most 16777216"),
        (book(""), "x: no code, expected at least one"),
        (book(code(" ")), "x code 1: no name, expected one"),
        (book(code("a", guid="b")), "x code 1: guid is missing or none, expected 32 hexadecimal digits"),
        (
            book(code("a", code("b") + code("b", "<Description/>"))),
            "x questions.a.b_2: has the same label as 'b'",
        ),
        (
            book(
                code("a", "<Description>id: a</Description>" + code("b"), "false"),
                f'<Sets><Set guid="{uuid.uuid4()}" name="A"><Description>{{scheme: yes, lines: 3}}'
                "</Description></Set></Sets>",
            ),
            "x: a description is not as samorsak writes it, expected YAML as in a scheme; export it again",
        ),
    ],
)
def test_what_is_no_codebook_is_one_line(raw: bytes, said: str) -> None:
    with pytest.raises(SchemeError) as caught:
        read_qdc(raw, "x")
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_two_codes_with_one_guid_are_refused() -> None:
    one = str(uuid.uuid4())
    with pytest.raises(SchemeError, match="x code 2: has the guid of an earlier one, expected its own"):
        read_qdc(book(code("a", guid=one) + code("b", guid=f"{{{one.upper()}}}")), "x")


def test_aliases_in_a_description_are_text() -> None:
    bomb = "a: &amp;a [x, x]\nid: [*a, *a]"
    found = read_qdc(book(code("Rain", f"<Description>{bomb}</Description>")), "x").scheme
    assert found.questions["codes"].categories["rain"].definition == "a: &a [x, x]\nid: [*a, *a]"


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: book(code("a", text))))
def test_no_bytes_make_a_traceback(raw: bytes) -> None:
    try:
        read_qdc(raw, "x")
    except SchemeError as error:
        assert str(error)


def test_out_and_in_by_the_command_line(samorsak: Run, tmp_path: Path) -> None:
    done = samorsak("scheme", "export", "af", "-o", "af.qdc")
    assert done.stdout == "written: af.qdc\n"
    assert done.stderr.splitlines()[0] == (
        "note: a codebook does not hold the lexicon, and no comments of the YAML; keep the folder of the scheme"
    )
    assert samorsak("scheme", "import", "af.qdc", "-o", "again").stdout.splitlines() == [
        f"written: {Path('again') / 'scheme.yaml'}",
        f"written: {Path('again') / 'lexicon' / 'achieved.jsonl'}",
        f"written: {Path('again') / 'lexicon' / 'missed.jsonl'}",
    ]
    assert read_scheme(tmp_path / "again") == read_scheme("af")
    again = samorsak("scheme", "import", "af.qdc", "-o", "again")
    assert (again.exit_code, again.stderr) == (
        1,
        f"{Path('again') / 'scheme.yaml'}: exists already; choose another folder\n",
    )
    assert samorsak("scheme", "export", "af", "-o", "af.xml").stderr == (
        "af.xml: expected a name that ends in .qdc\n"
    )
    assert samorsak("scheme", "import", "none.qdc", "-o", "b").stderr == (
        "none.qdc: no such file, or not readable; expected a codebook (.qdc)\n"
    )
    assert not (tmp_path / "b").exists()
