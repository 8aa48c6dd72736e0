"""Any number of distinct answers, recombined from constructed statements with varied words.

Statements are the marked stretches of ``annotations/af`` and the scheme's lexicon. Towns, numbers and names of
units are exchanged, endings changed and letters misplaced, so that words go on growing with the answers, as they do
in a real round; no text stands twice. The same seed gives the same answers.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUESTIONS = ("achieved", "missed")
REGIONS = ("Nord", "Mitt", "Öst", "Väst", "Syd")

_STATEMENTS = (0.12, 0.30, 0.28, 0.18, 0.12)  # one to five: answers as long as those of annotations/af
_JOINTS = (". ", ". ", ". ", ", ", ", ", "\n- ", "\n", "; ", " och ", " samt ", " - ", ", dessutom ")

_TOWNS = tuple(
    f"{first}{last}"
    for first, last in product(
        "Björk Sand Norr Söder Öster Väster Ek Al Ask Lind Gran Hög Sten Berg Sjö Ål Kall Varm Grön Ljung".split(),
        "köping stad sta by vik torp hult fors holm ryd ås berga sjö näs lunda hamn".split(),
    )
)
_UNITS = tuple(
    f"{first}{last}"
    for first, last in product(
        "arbetsmarknads kompetens närings vuxen jobb etablerings integrations försörjnings projekt lär".split(),
        "enheten torget centrum navet teamet gruppen rådet kontoret sektionen avdelningen porten".split(),
    )
)
_UNIT = re.compile(r"\b(?:arbetsmarknadsenheten|kommunen|enheten|FK|AF|Af|komvux|vux|styrgruppen)\b")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{6,}")
_ENDING = re.compile(r"(?:arnas|ernas|arna|erna|orna|andet|ningen|are|ade|ar|er|or|en|et|an|at|na|a|t|s)$")
_ENDINGS = (
    "arna erna en et ar er are ade as ens ets ande ning ningen ningar ningarna het heten lig ligt".split()
)


def statements(question: str) -> list[str]:
    """Give every constructed statement of a question, each once."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "annotations" / "af").glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if row["question"] == question:
                found |= {row["text"][s["start"] : s["end"]]: None for s in row["statements"]}
    for path in sorted((ROOT / "samorsak" / "schemes" / "af" / "lexicon").glob(f"{question}*.jsonl")):
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        found |= {row["text"]: None for row in rows if row["kind"] != "word"}
    return list(found)


def compose(size: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Yield question and text of as many distinct answers, the questions mixed."""
    rng = random.Random(seed)
    pools = {question: statements(question) for question in QUESTIONS}
    seen: set[str] = set()
    while len(seen) < size:
        question = rng.choice(QUESTIONS)
        text = _answer(pools[question], rng)
        if text not in seen:
            seen.add(text)
            yield question, text


def write_round(path: Path, size: int, seed: int = 0) -> tuple[int, int]:
    """Write a long CSV; gives the number of characters and of distinct words."""
    characters, words = 0, set()
    rng = random.Random(seed + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["answer_id", "round", "question", "text", "Region", "Antal kommuner"])
        for number, (question, text) in enumerate(compose(size, seed), 1):
            writer.writerow([f"{number:06}", "2024", question, text, rng.choice(REGIONS), rng.randint(1, 9)])
            characters += len(text)
            words.update(re.findall(r"\w+", text.lower()))
    return characters, len(words)


def _answer(pool: list[str], rng: random.Random) -> str:
    count = rng.choices(range(1, 1 + len(_STATEMENTS)), _STATEMENTS)[0]
    parts = [_varied(rng.choice(pool), rng).strip(" .") for _ in range(count)]
    text = parts[0]
    for part in parts[1:]:
        joint = rng.choice(_JOINTS)
        opens = "." in joint or "\n" in joint
        text += joint + (part[:1].upper() + part[1:] if opens else part)
    if rng.random() < 0.3:
        text += rng.choice(
            (f", särskilt i {rng.choice(_TOWNS)}", f" ({rng.choice(_TOWNS)} {rng.randint(2015, 2025)})")
        )
    return text + rng.choice(("", ".", "."))


def _varied(text: str, rng: random.Random) -> str:
    text = _NUMBER.sub(lambda found: str(rng.randint(10 ** (len(found[0]) - 1), 10 ** len(found[0]))), text)
    text = _UNIT.sub(lambda _: rng.choice(_UNITS), text)
    return _WORD.sub(lambda found: _spelled(found[0], rng), text)


def _spelled(word: str, rng: random.Random) -> str:
    """Give a word another ending one time in eight, and a slip of the pen one time in twenty."""
    chance = rng.random()
    if chance < 0.125:
        return _ENDING.sub("", word, count=1) + rng.choice(_ENDINGS)
    if chance < 0.175:
        at = rng.randrange(1, len(word) - 1)
        return rng.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))
    return word
