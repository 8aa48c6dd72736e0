"""A constructed discovery, with statements that do not belong in a page."""

from samorsak.report.clusters import ClusteredStatement, Discovery, FoundCluster

HOSTILE = (
    "<script>window.hit = 1</script>",
    "</script><script>window.hit = 1; alert(1)</script>",
    "<img src=x onerror='window.hit = 1'> \"citat\" 'citat' & &amp; &lt;",
    "<b>fet</b> <a href='https://example.org/'>länk</a><br>rad",
    "första\u2028andra\u2029tredje\nfjärde",
    "\u202eomvänd\u202c \u200fhöger \u05d0\u05d1\u05d2",
    "$title ${text} @text @{text} {n} $$x^2$$ %s",
)
"""Statements that a page must show as the text they are."""


def constructed_discovery(question: str, offset: float = 0.0) -> Discovery:
    """Ten statements about each of three kinds of weather, four hostile ones in the first, the rest in none."""
    said = [("rain", "det regnade {} gånger"), ("snow", "snön kom {} gånger"), ("wind", "{} stormar blåste")]
    words = [("regn", "skyfall", "blött"), ("snö", "storm"), ("blåst", "vind")]
    statements, clusters = [], []
    for c, (category, text) in enumerate(said):
        clusters.append(
            FoundCluster(c + 1, 10, 10 / 41, 0.9, "covered", (category,), words[c], (text.format(3),), ())
        )
        for i in range(10):
            hostile = HOSTILE[i] if c == 0 and i < len(HOSTILE) and i != 3 else text.format(i)
            place = (4.0 * c + (i % 5) / 5, offset + (i // 5) / 2)
            statements.append(
                ClusteredStatement(f"{c}{i}/{question}", 0, 1, hostile, category, c + 1, 0.9, place)
            )
    for i in range(11):
        category = ("other", "no_cause", "snow")[i % 3]
        text = HOSTILE[3] if i == 0 else f"ensamt {i}"
        statements.append(
            ClusteredStatement(f"x{i}/{question}", 0, 1, text, category, None, 0.0, (i / 2, offset + 4.0))
        )
    labels = {"rain": "Regn", "snow": "Snö", "wind": "Vind", "other": "Övrigt", "no_cause": "Ingen orsak"}
    wording = {"lost": "Varför inte?", "won": "Varför?"}[question]
    return Discovery(question, wording, 41, 5, labels, tuple(clusters), (), tuple(statements))
