"""What several test modules need: the command line in one call, and a coded round written by hand."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hypothesis
import pytest
from typer.testing import CliRunner, Result

from samorsak.cli import app
from samorsak.coded import CodedAnswer
from samorsak.report.files import write_coded
from samorsak.scheme import Scheme

SCHEME = Scheme.model_validate(
    {
        "residual": {"other": {"label_sv": "Övrigt", "label_en": "Other"}},
        "questions": {
            "lost": {
                "text_sv": "Varför inte?",
                "categories": {
                    "rain": {"label_sv": "Regn", "label_en": "Rain", "report": {2023: "wet"}},
                    "snow": {"label_sv": "Snö", "not": "Hail: rain.", "report": {2023: "wet"}},
                    "wind": {"label_sv": "Vind", "report": {2023: None}},
                },
            },
            "won": {"text_sv": "Varför?", "categories": {"sun": {"label_sv": "Sol"}}},
        },
        "lines": {2023: {"wet": {"label_sv": "Väta"}}},
    }
)

CODED = [
    CodedAnswer("1/lost", "2024", "lost", ("rain", "snow"), "Regn, snö.", {"Region": "Syd"}),
    CodedAnswer("2/lost", "2024", "lost", ("rain",), "=Regn", {"Region": "Nord"}),
    CodedAnswer("3/lost", "2024", "lost", ("other",), "Annat.", {"Region": "Syd"}),
    CodedAnswer("4/lost", "2024", "lost", ("no_cause",), "Vet ej", {"Region": ""}),
    CodedAnswer("1/won", "2024", "won", ("sun",), "Sol.", {"Region": "Syd"}),
]


@pytest.fixture(autouse=True, scope="session")
def cache_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or writes the vectors of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("SAMORSAK_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with random weights, as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import BertProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyzåäö"]
    pieces = {piece: i for i, piece in enumerate([*words, *(f"##{c}" for c in words[5:])])}
    tokenizer = Tokenizer(WordPiece(pieces, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = BertProcessing(("[SEP]", pieces["[SEP]"]), ("[CLS]", pieces["[CLS]"]))
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config).save_pretrained(folder / "bert")
    fast.save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert")), Pooling(16)]
    whole = SentenceTransformer(modules=modules, device="cpu")
    whole.save(str(folder / "encoder"))
    return folder / "encoder"


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """Five coded answers as `samorsak classify` leaves them, without what ranking does not read."""
    folder = tmp_path / "coded"
    folder.mkdir()
    write_coded(folder / "answers.csv", CODED)
    (folder / "scheme.json").write_text(SCHEME.model_dump_json(by_alias=True), encoding="utf-8")
    return folder


@pytest.fixture
def samorsak(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run the command line in an empty folder: exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str | Path) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="samorsak")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception  # a traceback is never what a user should see
        return result

    return run


hypothesis.settings.register_profile("samorsak", deadline=None)  # the first example imports spaCy
hypothesis.settings.load_profile("samorsak")

WEATHER = """
residual:
  other: {label_sv: Övrigt, rule: En orsak som ingen kategori täcker.}
  no_cause: {label_sv: Ingen orsak angiven}
questions:
  lost:
    text_sv: Varför förlorade ni?
    categories:
      rain: {label_sv: Regn, definition: Regn och skyfall., not: "Hagel: snow.", report: {2023: wet}}
      snow: {label_sv: Snö, definition: Snö och snöstorm., report: {2023: wet}}
      wind: {label_sv: Vind, definition: Blåst och vindbyar.}
  won:
    text_sv: Varför vann ni?
    categories:
      sun: {label_sv: Sol}
      calm: {label_sv: Lugnt väder}
lines: {2023: {wet: {label_sv: Väta}}}
"""

SAID = {
    "lost": {
        "rain": "det regnade hela dagen|skyfallet dränkte planen|regnet tog aldrig slut|ett ihållande regn|ösregn",
        "snow": "snön låg djup|en snöstorm drog in|det snöade sent|för mycket snö|snöfall över planen",
        "wind": "blåsten var för hård|vindbyar från sidan|det blåste snålt|en kall vind|vinden tog bollen",
        "other": "domaren var partisk|bussen kom sent|vi glömde skorna|målvakten blev sjuk",
        "no_cause": "vet ej|se ovan|matchen spelades i maj|vi kan inte svara på det",
    },
    "won": {
        "sun": "solen sken|strålande solsken|en solig dag|vi fick sol hela matchen",
        "calm": "det var vindstilla|lugnt väder|inte en vindpust|stilla luft hela dagen",
        "other": "publiken stöttade oss|nya skor|bra tränare",
        "no_cause": "vet ej|se förra året|ingen kommentar",
    },
}
"""What people say of each category, in a survey that never was."""


def weather_answers(question: str, n: int, seed: int) -> list[dict[str, object]]:
    """Put answers together from what people say, with every cause marked."""
    rng = random.Random(seed)
    said = {category: phrases.split("|") for category, phrases in SAID[question].items()}
    rows: list[dict[str, object]] = []
    for number in range(n):
        text, marks = "", []
        causes = [category for category in said if category != "no_cause"]
        for category in rng.sample(causes, rng.choice([1, 1, 2, 3])) if rng.random() < 0.85 else ["no_cause"]:
            text += rng.choice([". ", ", ", "\n- ", "; ", " och "]) if text else ""
            phrase = rng.choice(said[category])
            if category != "no_cause":
                marks.append({"start": len(text), "end": len(text) + len(phrase), "category": category})
            text += phrase
        answer_id = f"{question}-{seed}-{number}"
        rows.append({"answer_id": answer_id, "question": question, "text": text, "statements": marks})
    return rows


def write_weather(folder: Path) -> Path:
    """Write scheme, lexicon and annotations of two authors, without a model."""
    (folder / "lexicon").mkdir(parents=True)
    (folder / "annotations").mkdir()
    (folder / "scheme.yaml").write_text(WEATHER, encoding="utf-8")
    for question, said in SAID.items():
        entries = [
            {"category": category, "kind": "statement", "text": phrase}
            for category, phrases in said.items()
            for phrase in phrases.split("|")
        ]
        _write_lines(folder / "lexicon" / f"{question}.jsonl", entries)
    for seed, author in enumerate("ab"):
        rows = weather_answers("lost", 30, seed) + weather_answers("won", 25, seed)
        _write_lines(folder / "annotations" / f"{author}.jsonl", rows)
    return folder


def _write_lines(path: Path, rows: Sequence[object]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_encoder(folder: Path, seed: int = 0) -> Path:
    """Write a static encoder that knows the words for weather, each by a random vector."""
    import numpy as np

    from samorsak.encode.static import UNKNOWN, StaticEncoder, split_words, write_folder

    words = sorted({word for said in SAID.values() for text in said.values() for word in split_words(text)})
    rows = np.random.default_rng(seed).normal(size=(len(words) + 1, 12)).astype(np.float32)
    encoder = StaticEncoder([UNKNOWN, *words], rows, {"language": "sv"})
    write_folder(encoder, folder, "# small\n")
    return folder


@pytest.fixture(scope="session")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scheme.yaml, lexicon, annotations of two authors, and the model trained from them."""
    from samorsak.pipeline.training import train_model

    folder = write_weather(tmp_path_factory.mktemp("weather") / "s")
    train_model(folder, annotations=[folder / "annotations"], out=folder / "model")
    return folder
