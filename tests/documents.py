"""Constructed reports: every figure, answer and category in them is made up."""

import random
from collections.abc import Sequence

from samorsak.report.document import (
    Bars,
    Bullets,
    Cell,
    Document,
    Note,
    Paragraph,
    Picture,
    Section,
    Slope,
    Stacked,
    Table,
    Verbatim,
    Verbatims,
)
from samorsak.wording import Lang, number, percent

HOSTILE = (
    "<script>window.hit = 1</script>",
    "</script></style><script>window.hit = 1</script><!-- <![CDATA[ --",
    "<img src=x onerror='window.hit = 1'> \"citat\" 'citat' & &amp; &lt;b&gt;",
    "första\u2028andra\u2029tredje\nfjärde",
    "\u202eomvänd text\u2066 \u200fhöger \u05d0\u05d1\u05d2",
    "nolla\x00 ring\x07 halvt par\ud800 flykt\x1b[31m",
    "$title ${text} {n} %s $& $1 \U0001d518\U0001d52b 👩🏽‍🌾",
)
"""Answers that a report must show as the text they are."""

MISSED = (
    ("goals", "Otydliga eller svåruppföljda målsättningar", 0.213, "målen {} var svåra att följa upp"),
    ("time", "För kort tid sedan målsättningarna formulerades", 0.149, "tiden räckte inte för {}"),
    ("routines", "Brister i gemensamma rutiner och strukturer", 0.138, "vi saknade rutiner för {}"),
    ("organisation", "Styrning och organisering som försvårade samverkan", 0.122, "omorganisationen bröt {}"),
    ("resources", "Begränsade resurser", 0.096, "det fanns ingen personal till {}"),
    ("market", "Låg efterfrågan på arbetskraft", 0.083, "arbetsgivarna sökte ingen till {}"),
    (
        "referrals",
        "För få gemensamma insatser eller anvisningar till insatserna",
        0.071,
        "få visades till {}",
    ),
    ("other", "Övrigt", 0.128, "andra saker rörde {}"),
)
ACHIEVED = (
    ("structures", "Tydliga strukturer, rutiner och arbetssätt", 0.284, "våra möten om {} blev regelbundna"),
    ("follow-up", "Tydliga målsättningar och uppföljning", 0.203, "vi följde upp {} varje månad"),
    ("focus", "Fokus på att uppnå resultat", 0.171, "alla visste att {} var viktigt"),
    ("support", "Båda parternas stöd nyttjades", 0.152, "kommunen och vi hjälptes åt med {}"),
    ("other", "Övrigt", 0.19, "mycket hände kring {}"),
)
_ABOUT = (
    "jobbspåren",
    "praktikplatserna",
    "de långtidsarbetslösa",
    "språkkurserna",
    "sommarjobben",
    "unga utan skola",
    "försörjningsstödet",
    "avtalen",
)
_BEFORE = ("Det gick trögt i början.", "Vi är en liten kommun.", "Under våren byttes chefen.", "")
_AFTER = ("Nu ser det bättre ut!", "Det vill vi ändra på nästa år.", "Samtalen fortsätter ändå.", "")
REGIONS = ("Mitt", "Nord", "Syd", "Öst", "Åland & öarna", "")
GROUPS = ("Landsbygd", "Stad", "Storstad")

LEVELS = ("Mycket tydliga", "Tydliga", "Varken eller", "Otydliga", "Mycket otydliga")


def constructed_document(
    lang: Lang = "sv", *, answers: int = 60, public: bool = False, hostile: Sequence[str] = HOSTILE
) -> Document:
    """Make a report with every kind of part; hostile answers stand first in the first category."""
    return Document(
        title="Uppföljning av lokala överenskommelser 2024",
        subtitle="Öppna och slutna frågor, konstruerat exempel",
        lang=lang,
        sections=(
            _how(answers, lang),
            _progress(lang),
            _causes("achieved", "Orsaker till uppnådda resultat", ACHIEVED, answers, (), lang),
            _causes("missed", "Orsaker till uteblivna resultat", MISSED, answers, hostile, lang),
            _assessments(lang),
            Section(
                "crosstables",
                "Samband",
                1,
                (
                    Note(
                        "Sambanden vilar på maskinens kodning; inget svar har granskats av en människa i denna omgång."
                    ),
                ),
            ),
            _cross(lang),
            _compared(lang),
            _method(lang),
        ),
        runs=(("uppfoljning-2024", "3f" * 32), ("uppfoljning-2023", "a0" * 32)),
        settings={"lang": lang, "public": public, "lines": "2024", "base": "causes"},
        public=public,
    )


def _how(answers: int, lang: Lang) -> Section:
    of = number(answers, lang=lang)
    return Section(
        "how",
        "Hur uppföljningen har gått till",
        1,
        (
            Paragraph(
                f"Under hösten 2024 lämnade {of} enheter svar på två öppna och sju slutna frågor. Av dem hade 88 procent "
                "gjort uppföljningen tillsammans med kommunen eller kommunerna i överenskommelsen."
            ),
            Bullets(
                "Uppföljningen skulle:",
                (
                    "Visa vilka resultat man uppnått i förhållande till sina målsättningar",
                    "Identifiera orsaker till att resultat uppnåtts eller uteblivit",
                ),
            ),
        ),
    )


def share(value: float, lang: Lang) -> Cell:
    return Cell(percent(value, 1, lang), value, "share")


def count(value: int, lang: Lang) -> Cell:
    return Cell(number(value, lang=lang), value, "count")


def _progress(lang: Lang) -> Section:
    rows = (
        ("Samtliga", 13),
        ("De flesta", 71),
        ("Ungefär hälften", 41),
        ("Några", 19),
        ("Några få", 26),
        ("Inga", 16),
    )
    total = sum(n for _, n in rows)
    table = tuple((Cell(label), count(n, lang), share(n / total, lang)) for label, n in rows)
    return Section(
        "progress",
        "Resultatförflyttningar",
        1,
        (
            Paragraph(
                "De allra flesta uppgav att de gjort en eller flera förflyttningar. 7 procent svarade ”samtliga”, 38 procent "
                "”de flesta” och 22 procent ”ungefär hälften”."
            ),
            Picture(
                "progress",
                "Har ni uppmätt någon positiv förflyttning i förhållande till era målsättningar?",
                "Staplar. Samtliga 7 procent, de flesta 38, ungefär hälften 22, några 10, några få 14, inga 9 procent.",
                Bars(tuple((label, n / total, None, None) for label, n in rows)),
            ),
            Table(
                "progress",
                "Förflyttningar i förhållande till målsättningarna",
                ("Svar", "Antal", "Andel"),
                table,
                (f"Andel av dem som svarat på frågan. Antal svar: {total}.",),
            ),
        ),
    )


def _causes(
    question: str,
    heading: str,
    categories: Sequence[tuple[str, str, float, str]],
    answers: int,
    hostile: Sequence[str],
    lang: Lang,
) -> Section:
    shown = [(label, value, max(value - 0.041, 0), value + 0.047) for _, label, value, _ in categories]
    rows = tuple(
        (
            Cell(label),
            count(round(value * answers), lang),
            share(value, lang),
            Cell(f"{percent(low, 1, lang)}–{percent(high, 1, lang)}"),
        )
        for label, value, low, high in shown
    )
    return Section(
        f"causes-{question}",
        heading,
        1,
        (
            Paragraph(
                f"Den vanligaste orsaken var ”{shown[0][0]}” ({percent(shown[0][1], lang=lang)} av de orsaker som uppgavs). "
                f"Något mindre vanligt var ”{shown[1][0]}” och ”{shown[2][0]}”."
            ),
            Bullets("Andra förekommande svar:", tuple(label for label, *_ in shown[3:])),
            Picture(
                f"causes-{question}",
                heading,
                "Liggande staplar med 95-procentiga intervall, den vanligaste orsaken överst.",
                Bars(tuple(shown)),
            ),
            Table(
                f"causes-{question}",
                heading,
                ("Orsak", "Antal", "Andel", "95-procentigt intervall"),
                rows,
                (
                    "Andel av de orsaker som uppgavs.",
                    "Intervall: 95 procent, skattade ur 60 granskade svar (konstruerat).",
                ),
            ),
            *_verbatims(question, categories, answers, hostile),
        ),
    )


def _verbatims(
    question: str, categories: Sequence[tuple[str, str, float, str]], answers: int, hostile: Sequence[str]
) -> list[Verbatims]:
    drawn = random.Random(7)
    rows: dict[str, list[Verbatim]] = {name: [] for name, *_ in categories}
    weights = [value for _, _, value, _ in categories]
    first = categories[0][0]
    for i, text in enumerate(hostile):
        around = f"Före: {text} efter 👍."
        at = around.index(text)
        background = {"Region": text, "Kommungrupp": GROUPS[0]}
        rows[first].append(Verbatim(f"h{i}/{question}", around, at, at + len(text), background))
    for i in range(answers):
        given = dict.fromkeys(drawn.choices(categories, weights, k=2))
        text = drawn.choice(_BEFORE)
        stretches = []
        for name, _, _, said in given:
            own = said.format(drawn.choice(_ABOUT))
            text += " " if text else ""
            stretches.append((name, len(text), len(text) + len(own)))
            text += f"{own}."
        text += f" {drawn.choice(_AFTER)}".rstrip()
        background = {"Region": drawn.choice(REGIONS), "Kommungrupp": drawn.choice(GROUPS)}
        for name, start, end in stretches:
            rows[name].append(Verbatim(f"{i + 1}/{question}", text, start, end, background))
    return [
        Verbatims(
            f"{question}-{name}", label, len(rows[name]) + (400 if name == "other" else 0), tuple(rows[name])
        )
        for name, label, *_ in categories
    ]


def _assessments(lang: Lang) -> Section:
    rows = (
        ("Våra gemensamma målsättningar på strategisk nivå är", (0.24, 0.46, 0.16, 0.1, 0.04)),
        ("Våra gemensamma målsättningar på operativ nivå är", (0.19, 0.44, 0.2, 0.13, 0.04)),
        ("Våra ansvarsområden och roller på strategisk nivå är", (0.31, 0.45, 0.13, 0.08, 0.03)),
        ("Våra processer och rutiner på operativ nivå är", (0.12, 0.37, 0.27, 0.19, 0.05)),
    )
    return Section(
        "assessments",
        "Bedömningar av samverkan",
        1,
        (
            Picture(
                "assessments",
                "Hur tydlig samverkan är",
                "Delade staplar, en för varje påstående. Mellan 49 och 76 procent svarade tydliga eller mycket tydliga.",
                Stacked(LEVELS, rows),
            ),
            Table(
                "assessments",
                "Hur tydlig samverkan är",
                ("Påstående", *LEVELS, "Antal svar"),
                tuple(
                    (Cell(label), *(share(value, lang) for value in values), count(163, lang))
                    for label, values in rows
                ),
                ("Andel av svaren på varje påstående; bara uppföljningar gjorda tillsammans med kommunen.",),
            ),
        ),
    )


def _cross(lang: Lang) -> Section:
    return Section(
        "progress-by-clarity",
        "Förflyttningar efter tydlighet",
        2,
        (
            Paragraph("Sambandet är tydligast för målsättningarna på operativ nivå (Kendalls tau-b 0,31)."),
            Table(
                "progress-by-clarity",
                "Förflyttningar efter hur tydliga målsättningarna är",
                ("", *LEVELS),
                (
                    (
                        Cell("Samtliga eller de flesta"),
                        *(share(v, lang) for v in (0.61, 0.47, 0.38, 0.21)),
                        Cell("färre än 5", None, "share"),
                    ),
                    (
                        Cell("Ungefär hälften"),
                        *(share(v, lang) for v in (0.2, 0.24, 0.23, 0.26)),
                        Cell("färre än 5", None, "share"),
                    ),
                    (
                        Cell("Några få eller inga"),
                        *(share(v, lang) for v in (0.19, 0.29, 0.39, 0.53)),
                        Cell("färre än 5", None, "share"),
                    ),
                ),
                ("Antal under 5 visas inte.",),
            ),
        ),
    )


def _compared(lang: Lang) -> Section:
    values = {
        label: (None if name == "referrals" else (low + 0.05, low + 0.01, low + 0.1))
        for name, label, low, _ in MISSED
    }
    lines = tuple(
        (label, (values[label], (value, max(value - 0.04, 0), value + 0.045)))
        for _, label, value, _ in MISSED
    )
    rows = tuple(
        (
            Cell(label),
            share(before[0], lang) if before else Cell("–"),
            share(now[0], lang),
            Cell(f"−{percent(before[0] - now[0], 1, lang)}", now[0] - before[0], "points")
            if before
            else Cell("–"),
        )
        for label, (before, now) in lines
    )
    return Section(
        "compared",
        "Jämfört med tidigare omgångar",
        1,
        (
            Note(
                "”För få gemensamma insatser eller anvisningar till insatserna” finns bara i schemat för 2024 och jämförs inte."
            ),
            Picture(
                "compared",
                "Orsaker till uteblivna resultat 2023 och 2024",
                "Linjer från 2023 till 2024. Alla orsaker nämns något mindre ofta 2024.",
                Slope(("2023", "2024"), lines),
            ),
            Table(
                "compared",
                "Orsaker till uteblivna resultat 2023 och 2024",
                ("Orsak", "2023", "2024", "Förändring"),
                rows,
            ),
        ),
    )


def _method(lang: Lang) -> Section:
    rows = (("Rader i filen", 648), ("Tomma svar", 8), ("Klassificerade svar", 640))
    return Section(
        "method",
        "Metod",
        1,
        (
            Paragraph("Svaren har delats i påståenden och varje påstående har förts till en kategori."),
            Table(
                "method-counts",
                "Från fil till svar",
                ("Steg", "Antal"),
                tuple((Cell(a), count(n, lang)) for a, n in rows),
            ),
        ),
    )
