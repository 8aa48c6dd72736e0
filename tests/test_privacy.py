"""Masking: every written form found, what only looks like one left alone, offsets carried over.

All numbers are constructed: telephone numbers from the series that PTS keeps for fiction, addresses at
example.org, identity numbers of nobody with a check digit worked out here.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.privacy import KINDS, Masked, carry, mask


def check_digit(nine: str) -> str:
    """Work out the tenth digit of an identity number."""
    doubled = [int(digit) * weight for digit, weight in zip(nine, (2, 1) * 5, strict=False)]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


RIGHT = "850101123" + check_digit("850101123")
COORDINATION = "850161123" + check_digit("850161123")
WRONG = RIGHT[:9] + str((int(RIGHT[9]) + 1) % 10)
DATE, LAST, SLIP = RIGHT[:6], RIGHT[6:], WRONG[6:]


def test_the_check_digit_of_these_tests_is_that_of_skatteverkets_example() -> None:
    assert check_digit("811218987") == "6"


@pytest.mark.parametrize(
    "written",
    [
        f"{DATE}-{LAST}",
        f"{DATE}+{LAST}",
        f"{DATE}-{SLIP}",  # a slip of the pen is still somebody
        f"19{DATE}-{LAST}",
        f"18{DATE}+{LAST}",
        f"19 {DATE}-{LAST}",
        f"19-{DATE}-{LAST}",
        f"{DATE}{LAST}",
        f"19{DATE}{LAST}",
        f"{DATE} {LAST}",
        f"{DATE} {SLIP}",
        f"19{DATE} {LAST}",
        f"{DATE} - {LAST}",
        f"{DATE}- {LAST}",
        f"{DATE} -{LAST}",
        f"{DATE}\u2013{LAST}",  # en dash
        f"{DATE}\u2014{LAST}",  # em dash
        f"{DATE}\u2011{LAST}",  # non-breaking hyphen
        f"{DATE}\u2010{LAST}",
        f"{DATE}\u2212{LAST}",  # minus
        f"{DATE}\u00ad{LAST}",  # soft hyphen
        f"{DATE}\uff0d{LAST}",  # full-width
        f"{DATE}\u2060-\u2060{LAST}",  # kept together by a typesetter
        f"{DATE}\u00a0-\u00a0{LAST}",
        f"85 01 01 - {LAST}",
        f"85 01 01-{SLIP}",
        f"85 01 01 {LAST}",
        f"1985 01 01 - {LAST}",
        f"85-01-01-{LAST}",
        f"1985-01-01-{LAST}",
        f"1985-01-01 {LAST}",
        f"85.01.01-{LAST}",
        f"1985/01/01-{LAST}",
        f"{DATE}-{LAST[:2]} {LAST[2:]}",
        f"{' '.join(DATE)} - {' '.join(LAST)}",
        f"{' '.join('19' + DATE)}-{' '.join(LAST)}",
        f"{DATE}-XXXX",
        f"{DATE}-xxxx",
        f"19{DATE}-****",
        f"{DATE}XXXX",
        f"{DATE} ####",
        f"{DATE}-\u2022\u2022\u2022\u2022",
        f"{DATE}-12XX",
        f"{DATE}-XXX",
        f"{DATE}-T123",
        f"{DATE}-TF12",
        f"19{DATE}T123",
        COORDINATION,
        f"{COORDINATION[:6]}-{COORDINATION[6:]}",
        f"19{COORDINATION}",
        "850191-1234",
        "".join(chr(0xFF10 + int(digit)) for digit in RIGHT),
        "".join(chr(0x0660 + int(digit)) for digit in RIGHT),
        "".join(chr(0x1D7D8 + int(digit)) for digit in RIGHT),
    ],
)
def test_an_identity_number_is_masked_in_every_written_form(written: str) -> None:
    before, after = "Gäller Kim, ", ", som fick praktik."
    expected = f"{before}[personnummer]{after}"
    spans = ((len(before), len(before) + len(written), 14),)
    assert mask(before + written + after) == Masked(expected, {"personnummer": 1}, spans)
    assert mask(written).text == "[personnummer]"
    assert mask(f"({written})").text == "([personnummer])"


@pytest.mark.parametrize(
    "written",
    [
        "070-174 06 05",
        "070-1740605",
        "070 174 06 05",
        "0701740605",
        "0701-740605",
        "0701-74 06 05",
        "070-174-06-05",
        "070.174.06.05",
        "070/174 06 05",
        "070 - 174 06 05",
        "070\u2013174\u00a006\u00a005",
        "(070) 174 06 05",
        "0 7 0 1 7 4 0 6 0 5",
        "+46 70 174 06 05",
        "+46701740605",
        "+46-70-174 06 05",
        "+46 (0)70-174 06 05",
        "+46(0)701740605",
        "+46 (0) 70 174 06 05",
        "(+46) 70 174 06 05",
        "\uff0b46 70 174 06 05",
        "0046701740605",
        "0046 70 174 06 05",
        "0046 (0)70-174 06 05",
        "46701740605",
        "46 70 174 06 05",
        "08-465 004 00",
        "08-465 00 400",
        "08-46500400",
        "0846500400",
        "08 465 004 00",
        "(08) 465 004 00",
        "(08)-465 004 00",
        "08/465 004 00",
        "08-12 34 56",
        "08-12 34 56 78",
        "08-123-45-67",
        "+46 8 465 004 00",
        "+46 (0)8-465 004 00",
        "031-390 06 00",
        "031-3900600",
        "0313900600",
        "040-628 04 00",
        "0911-123 45",
        "0911-12 34 56",
        "0911-12-34-56",
        "020-123 456",
        "0771-123 456",
        "+47 22 12 34 56",
        "+45 12345678",
        "+358 40 123 4567",
        "+1 (212) 555-0100",
        "0047 22 12 34 56",
        "".join(chr(0xFF10 + int(digit)) for digit in "0701740605"),
        "".join(chr(0x0660 + int(digit)) for digit in "0701740605"),
        "070\u200b174\u200b06\u200b05",
    ],
)
def test_a_telephone_number_is_masked_in_every_written_form(written: str) -> None:
    before, after = "Ring Kim: ", " om ni undrar."
    expected = f"{before}[telefon]{after}"
    spans = ((len(before), len(before) + len(written), 9),)
    assert mask(before + written + after) == Masked(expected, {"telefon": 1}, spans)
    assert mask(written).text == "[telefon]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tel 123 45 67", "tel [telefon]"),
        ("Tel.nr: 12 34 56", "Tel.nr: [telefon]"),
        ("telefonnummer 1234567", "telefonnummer [telefon]"),
        ("mobil 70-174 06 05", "mobil [telefon]"),
        ("växeln 12 34 56, fråga", "växeln [telefon], fråga"),
        ("ring på 123 45 67", "ring på [telefon]"),
        ("tel0701740605", "tel[telefon]"),
        ("Kim0701740605Kim", "Kim[telefon]Kim"),
        ("(08-465 004 00)", "([telefon])"),
        ("070-174 06 05, 070-174 06 06", "[telefon], [telefon]"),
        ("070-1740605/070-1740606", "[telefon]/[telefon]"),
        ("070-174 06 05 2 gånger", "[telefon] 2 gånger"),
        ("0911-123 45 3 personer", "[telefon] 3 personer"),
        ("tel\n070-174 06 05\n2024", "tel\n[telefon]\n2024"),
    ],
)
def test_a_telephone_number_in_its_surroundings(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize(
    "written",
    [
        "kim@example.org",
        "Kim.Berg+jobb@mail.example.org",
        "KIM@EXAMPLE.ORG",
        "Kim@Example.Org",
        "kim_berg-lund@example.org",
        "kim@räksmörgås.example.org",
        "kim.öberg@exämple.org",
        "bjo\u0308rn@a\u030akern.example.org",  # decomposed
        "kim@xn--exmple-cua.xn--p1ai",
        "kim @ example.org",
        "kim(at)example.org",
        "kim (at) example.org",
        "kim [AT] example.org",
        "kim{at}example.org",
        "kim(a)example.org",
        "kim(snabel-a)example.org",
        "kim (at) example (dot) org",
        "kim[at]example[punkt]org",
        "kim\uff20example.org",
        "kim\uff08at\uff09example.org",
        "kim\u200b@example.org",
        "0701740605@example.org",
        "x" * 100 + "@example.org",
    ],
)
def test_an_address_is_masked(written: str) -> None:
    before, after = "Skriv till ", ". Vi ses"
    expected = f"{before}[e-post]{after}"
    spans = ((len(before), len(before) + len(written), 8),)
    assert mask(before + written + after) == Masked(expected, {"e-post": 1}, spans)
    assert mask(f"<{written}>").text == "<[e-post]>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kim@example.org.Vi ses", "[e-post].Vi ses"),
        ("kim@example.org;lo@example.org", "[e-post];[e-post]"),
        ("-kim@example.org", "-[e-post]"),
        ('"kim@example.org"', '"[e-post]"'),
        ("mailto:kim@example.org", "mailto:[e-post]"),
    ],
)
def test_an_address_in_its_surroundings(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "inga siffror alls",
        WRONG,  # no separator and a wrong check digit: a case number
        f"19{WRONG}",
        "856101-1234",  # no month 61
        "850132-1234",
        "850100-1234",
        "850192-1234",
        "556036-0793",  # an organisation
        "1234567890",
        "12345678",
        "0" * 40,
        "850101",
        "1985-01-01",
        "20240501",
        "den 2024-05-01 klockan 13.00",
        "2024-05-01 - 2024-08-12",
        "2022-12-31 \u2013 2023-12-31",
        "2024-08-12 13 14 personer",
        "2024-01-15T08:30:00",
        "240501-250131",
        "20240501-20250131",
        "08-12-2024",
        "08.12.2024",
        "2023-2024, 2023/24, 2023/2024",
        "telefon 2023-2024",
        "ring 2024-05-01",
        "1 200 000 kr",
        "minskade från 118 000 till 91 000 kronor",
        "telefon 150 000 samtal",
        "ring 112 eller 1177",
        "+15 000 000 kr",
        "+12 345 678 kr",
        "+200 000 000 000",
        "2022+2023-2024",
        "Af-2024/0015 7718-1",
        "Af-2024/0108 7620",
        "Diarienummer: Af-2024/01087620.",
        "2010:197",
        "SFS 2010:197, 8 kap. 2 §",
        "14 av 16",
        "38 %, 12,5 procent",
        "0,085106383",
        "0.085106383",
        "öppet 08.00-16.30",
        "öppet 08.15 - 16.30",
        "08-12, 13-16",
        "0180 1480 1280",  # codes of municipalities
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "1 0 0 1 0 1 0 0 1 1",
        "punkt (a) möten.Vi har",
        "träffas @ kontoret",
        "@handtag och a@b",
        "a(at)b",
        "[telefon] 12 34 56",
        "[e-post] [personnummer] [telefon]",
    ],
)
def test_what_only_looks_like_personal_data_stays(text: str) -> None:
    assert mask(text) == Masked(text, {}, ())


def test_counts_per_kind_and_spans_in_order() -> None:
    text = f"Kim ({RIGHT}) och Lo ({COORDINATION}), 070-174 06 05, lo@example.org"
    masked = mask(text)
    assert masked.text == "Kim ([personnummer]) och Lo ([personnummer]), [telefon], [e-post]"
    assert masked.counts == {"personnummer": 2, "telefon": 1, "e-post": 1}
    assert list(masked.counts) == list(KINDS)
    assert masked.spans == ((5, 15, 14), (25, 35, 14), (38, 51, 9), (53, 67, 8))


def test_a_mobile_number_is_no_coordination_number() -> None:
    assert mask("070174060" + check_digit("070174060")).counts == {"telefon": 1}


def test_offsets_are_carried_over() -> None:
    masked = mask("Ring 070-1740605 nu, 070-1740606")
    assert masked.text == "Ring [telefon] nu, [telefon]"
    given_and_carried = {
        (0, 4): (0, 4),
        (0, 5): (0, 5),
        (5, 16): (5, 14),
        (6, 7): (5, 14),
        (0, 6): (0, 14),
        (10, 19): (5, 17),
        (16, 19): (14, 17),
        (17, 19): (15, 17),
        (5, 5): (5, 5),
        (17, 32): (15, 28),
        (32, 32): (28, 28),
    }
    assert carry(given_and_carried, masked) == list(given_and_carried.values())
    assert carry([(0, 3), (1, 2)], mask("abc")) == [(0, 3), (1, 2)]


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("0" * 1_000_000, 0),
        ("1 " * 500_000, 0),
        ("07 " * 100_000, 0),
        ("a" * 1_000_000 + "@", 0),
        ("a@" * 500_000, 0),
        ("x@" + "a." * 500_000, 0),
        ("a(at)" * 200_000, 0),
        ("85 01 01 " * 100_000, 0),
        ("0-" * 500_000, 0),
        ("+4" * 500_000, 0),
        ("(" * 1_000_000 + "123456", 0),
        ("tel " * 250_000 + "123456", 1),
        ("a@b.se!" * 100_000, 100_000),
        ("850101-XXXX" * 50_000, 50_000),
        ("\u200b" * 1_000_000 + "0701740605", 1),
    ],
    ids=lambda value: f"{value[:6]!a}" if isinstance(value, str) else None,
)
def test_hostile_texts_come_to_an_end(text: str, finds: int) -> None:
    assert len(mask(text).spans) == finds


PIECES = (
    *"0178+-() .,/@!*_%[]\n",
    *(
        "a",
        "å",
        "a\u030a",
        "\u200b",
        "\u2013",
        "\uff10",
        "00",
        "46",
        "19",
        "24",
        "XXXX",
        "T123",
        "TF12",
        "kr",
    ),
    *("b.se", "x@c.org", "(at)", "(a)", "(dot)", "tel ", "mobil", "på ", " 000", "2024-05-01", "2023-2024"),
    *("070-174 06 05", "0701740605", "08-12 34 56", "0911-123 45", "+4312345678", "2024/0108 7620", DATE),
    *(RIGHT, f"{DATE}-{LAST}", "[telefon]", "[e-post]", "8 5 0 1 0 1 - 1 2 3 4"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=40)


@given(texts)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text).text
    assert mask(once) == Masked(once, {}, ())


@given(texts)
def test_text_outside_the_spans_is_kept(text: str) -> None:
    masked = mask(text)
    rebuilt, done = "", 0
    for start, end, length in masked.spans:
        assert done <= start < end <= len(text)
        rebuilt += text[done:start]
        assert masked.text[len(rebuilt) : len(rebuilt) + length] in [f"[{kind}]" for kind in KINDS]
        rebuilt += masked.text[len(rebuilt) : len(rebuilt) + length]
        done = end
    assert rebuilt + text[done:] == masked.text
    assert sum(masked.counts.values()) == len(masked.spans)


@given(texts, st.data())
def test_carried_offsets_stay_inside_and_mean_the_same(text: str, data: st.DataObject) -> None:
    masked = mask(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    [(new_start, new_end)] = carry([(start, end)], masked)
    assert 0 <= new_start <= new_end <= len(masked.text)
    touched = [span for span in masked.spans if span[0] < end and start < span[1]]
    if not touched:
        assert masked.text[new_start:new_end] == text[start:end]
    for a, b in carry([span[:2] for span in touched], masked):
        assert masked.text[a:b] in ("[personnummer]", "[telefon]", "[e-post]")
        assert new_start <= a < b <= new_end or start == end


@given(st.dates(), st.integers(0, 999), st.sampled_from(("-", " - ", "", " ", "+", "\u2013")), st.booleans())
def test_any_identity_number_is_found(born: date, serial: int, gap: str, coordination: bool) -> None:
    nine = f"{born.year % 100:02}{born.month:02}{born.day + 60 * coordination:02}{serial:03}"
    number = f"{nine[:6]}{gap}{nine[6:]}{check_digit(nine)}"
    kind = "telefon" if nine.startswith("07") and coordination and not gap else "personnummer"
    assert mask(f"id {number}.").text == f"id [{kind}]."
