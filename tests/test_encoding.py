"""The encoder beside n-grams: learned with, stored by name and check sum, and the same one again."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from conftest import SAID, weather_answers, write_encoder, write_weather
from test_coding import ROWS, coded, contents, write_round
from typer.testing import Result

from samorsak.bundle import load_bundle
from samorsak.encode import StaticEncoder, TransformerEncoder, load_encoder
from samorsak.encode.fingerprint import fingerprint
from samorsak.encode.static import write_folder
from samorsak.errors import ModelError
from samorsak.pipeline import chunks
from samorsak.pipeline.chunks import code_texts
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.deciding import decide
from samorsak.pipeline.encoding import Remembering, open_encoder, reopen_encoder
from samorsak.pipeline.evaluation import evaluate_scheme
from samorsak.pipeline.fitting import fit_heads, fit_question, hold_out
from samorsak.pipeline.material import Entry, Gold, gather
from samorsak.pipeline.model import Batch, to_arrays
from samorsak.pipeline.training import load_model, train_model

OUTCOMES = ("rain", "snow", "no_cause")
NEAR = {"rain": [1.0, 0.0], "snow": [0.0, 1.0]}
# constructed: by its letters "flask" is nearer to "flingor" and "skivor" to "skur"
KNOWN = {"regn": "rain", "skur": "rain", "flask": "rain", "snö": "snow", "flingor": "snow", "skivor": "snow"}


class Synonyms:
    """Knows a few words and nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        rows = [
            np.sum([NEAR[KNOWN[w]] for w in text.lower().split() if w in KNOWN] or [[0, 0]], 0)
            for text in texts
        ]
        vectors = np.array(rows, np.float32).reshape(-1, 2)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def said(word: str, n: int = 12) -> list[Gold]:
    return [
        Gold(word, ((0, len(word), KNOWN[word]),), frozenset({KNOWN[word]}), f"{n % 2}") for n in range(n)
    ]


SILENT = [Gold("vet ej", (), frozenset(), f"{n % 2}") for n in range(12)]
GOLD = [*said("regn"), *said("skur"), *said("snö"), *said("flingor"), *SILENT]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scheme, its encoder, and the model trained with both."""
    folder = write_weather(tmp_path_factory.mktemp("encoding") / "s")
    write_encoder(folder / "encoder")
    train_model(
        folder, annotations=[folder / "annotations"], encoder=folder / "encoder", out=folder / "model"
    )
    return folder


def test_words_that_share_no_letters() -> None:
    texts = ["flask", "skivor"]
    with_vectors = fit_question(gather(OUTCOMES, GOLD, [], "sv", Synonyms()))
    found = decide(with_vectors, texts, "sv", Synonyms())
    assert [d.categories for d in found] == [("rain",), ("snow",)]
    ngrams = fit_question(gather(OUTCOMES, GOLD, [], "sv"))
    assert ngrams.vector_head is None
    assert [d.categories for d in decide(ngrams, texts, "sv")] != [("rain",), ("snow",)]


def test_without_an_answer_the_entries_teach_it() -> None:
    entries = [Entry(word, category, "statement") for word, category in KNOWN.items() if word != "flask"]
    entries += [Entry("vet ej", "no_cause", "statement"), Entry("?", "no_cause", "statement")]
    model = fit_question(gather(OUTCOMES, [], entries * 3, "sv", Synonyms()))
    assert model.vector_head is not None
    log_p = model.vector_head.log_probabilities(Synonyms().encode(["flask"]))  # type: ignore[arg-type]
    assert OUTCOMES[int(log_p.argmax())] == "rain"
    assert model.path.heads.shape == (2, 3)


def test_stretches_are_encoded_as_they_are_written() -> None:
    encoder = Synonyms()
    gold = [Gold("Regn, SKUR. (Snö)", ((0, 10, "rain"),), frozenset({"rain"}), "a")]
    material = gather(
        OUTCOMES, gold, [Entry("Flingor!", "snow", "label"), Entry("-", "snow", "label")], "sv", encoder
    )
    # the pieces, what is marked and the pieces beside it, the entries that have a word
    assert encoder.asked == ["Regn", "SKUR", "Snö", "Regn, SKUR", "Snö", "Flingor!"]
    assert material.batch.vectors is not None
    assert material.batch.vectors.tolist() == [[1, 0], [1, 0], [1, 0], [0, 1]]
    assert material.vectors is not None
    assert [len(vectors) for vectors in material.vectors] == [2, 1]


def test_heads_know_nothing_of_the_answers_left_out() -> None:
    everything = gather(OUTCOMES, GOLD, [], "sv", Synonyms())
    some = np.arange(len(GOLD)) % 2 == 0
    part = gather(OUTCOMES, [g for g, keep in zip(GOLD, some, strict=True) if keep], [], "sv", Synonyms())
    one, other = fit_heads(everything, some), fit_heads(part, np.ones(int(some.sum()), bool))
    assert one.vector_head is not None and other.vector_head is not None
    np.testing.assert_allclose(one.vector_head.weights, other.vector_head.weights, atol=1e-4)
    chosen = np.array([1, 25, 49])
    held = hold_out(one, everything, chosen)
    batch = Batch.of([GOLD[i].text for i in chosen], "sv", Synonyms())
    assert batch.vectors is not None and held.batch.vectors is not None
    assert held.batch.vectors.tolist() == batch.vectors.tolist()
    assert held.log_p.shape == (2, len(batch.vectors), 3)


def test_the_card_names_the_encoder(survey: Path) -> None:
    _, card = load_bundle(survey / "model")
    assert card["encoder"] == {
        "name": "encoder",
        "dimensions": 12,
        "prefix": "",
        "sha256": fingerprint(StaticEncoder.load(survey / "encoder")),
    }
    readme = (survey / "model" / "README.md").read_text(encoding="utf-8")
    assert "Vectors of the encoder encoder (12 dimensions) were learned from,\ntoo; coding needs" in readme
    assert f"{card['encoder']['sha256']}.\n" in readme
    assert (
        "`samorsak train --scheme SCHEME --annotations PATH --encoder encoder --seed 0 --out FOLDER`"
        in readme
    )
    assert str(survey) not in readme + json.dumps(card)


def test_the_same_twice_is_the_same_bytes(survey: Path, tmp_path: Path) -> None:
    again = train_model(
        survey, annotations=[survey / "annotations"], encoder=survey / "encoder", out=tmp_path / "model"
    )
    assert contents(again) == contents(survey / "model")


def test_what_is_loaded_is_what_was_fitted(survey: Path) -> None:
    arrays, _ = load_bundle(survey / "model")
    model, _ = load_model(survey / "model", encoder=survey / "encoder")
    again = to_arrays(model)
    assert {name: array.tolist() for name, array in again.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }
    assert arrays["lost/vector_weights"].shape == (12, 5)
    found = code_texts(model, [("lost", "det regnade hela dagen"), ("lost", "snön låg djup. en kall vind")])
    assert [d.categories for d in found] == [("rain",), ("snow", "wind")]


def test_the_encoder_is_found_by_its_name(survey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(survey / "model")
    told = str(caught.value)
    assert told.startswith(
        f"{survey / 'model'}: learned with an encoder, which is needed here, too; say where it lies with --encoder ("
    )
    assert "\n" not in told
    monkeypatch.chdir(survey)
    model, _ = load_model(survey / "model")
    assert model.encoder is not None


def test_another_encoder_is_refused(survey: Path, tmp_path: Path) -> None:
    other = write_encoder(tmp_path / "encoder", seed=1)
    own, theirs = (fingerprint(StaticEncoder.load(path))[:12] for path in (survey / "encoder", other))
    assert own != theirs
    with pytest.raises(ModelError) as caught:
        load_model(survey / "model", encoder=other)
    assert str(caught.value) == (
        f"{other}: another encoder (check sum {theirs}) than {survey / 'model'} learned with ({own});"
        " say where that one lies with --encoder, or train the model again"
    )


def test_a_copy_of_the_encoder_will_do(survey: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    write_folder(StaticEncoder.load(survey / "encoder"), copy, "# copy\n")
    shutil.copy(survey / "encoder" / "modules.json", copy)
    assert load_model(survey / "model", encoder=copy)[0].encoder is not None


def test_a_model_without_an_encoder_takes_none(weather: Path, survey: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(weather / "model", encoder=survey / "encoder")
    assert str(caught.value) == (
        f"{weather / 'model'}: learned without an encoder, {survey / 'encoder'} is not needed; leave --encoder out"
    )
    assert reopen_encoder({}, Path("model")) is None


def test_a_round_is_coded_the_same_in_one_process_or_two(
    survey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 7)
    path = write_round(tmp_path / "round.csv", ROWS)
    options = {"model": survey / "model", "encoder": survey / "encoder"}
    one = classify_round(path, tmp_path / "one", processes=1, **options)
    two = classify_round(path, tmp_path / "two", processes=2, **options)
    assert contents(one.out) == contents(two.out)
    manifest = json.loads((one.out / "run.json").read_text(encoding="utf-8"))
    assert manifest["model"]["encoder"] == load_bundle(survey / "model")[1]["encoder"]
    turned = classify_round(write_round(tmp_path / "turned.csv", ROWS[::-1]), tmp_path / "turned", **options)
    assert coded(turned.out) == coded(one.out)


def test_evaluation_uses_vectors(survey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    encode = StaticEncoder.encode

    def listen(self: StaticEncoder, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        asked.append(list(texts))
        return encode(self, texts)

    monkeypatch.setattr(StaticEncoder, "encode", listen)
    paths = [survey / "annotations"]
    found = evaluate_scheme(survey, annotations=paths, train_files=1, encoder=survey / "encoder")
    assert found.questions["lost"][0].mean("micro_f1") > 0.9
    texts = [text for batch in asked[1:] for text in batch]  # the first is asked for its length
    assert len(texts) == len(set(texts)) > 100


def test_remembering_asks_once() -> None:
    encoder = Synonyms()
    remembering = Remembering(encoder)
    first = remembering.encode(["regn", "snö", "regn"])
    assert first.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert remembering.encode(["snö", "flask"]).tolist() == [[0, 1], [1, 0]]
    assert encoder.asked == ["regn", "snö", "flask"]
    assert remembering.encode([]).shape == (0, 2)


def test_the_embedded_encoder_from_the_command_line(samorsak: Callable[..., Result], tmp_path: Path) -> None:
    folder = write_weather(tmp_path / "s")
    options = ("--scheme", folder, "--annotations", folder / "annotations", "--encoder", "sv-static")
    result = samorsak("train", *options, "--out", "m")
    assert (result.exit_code, result.stdout) == (0, "written: m\n")
    about = load_bundle(tmp_path / "m")[1]["encoder"]
    embedded = load_encoder(Path(__file__).parents[1] / "models" / "sv-static")
    assert about["name"] == "sv-static"
    assert about["dimensions"] == embedded.encode(["regn"]).shape[1]
    write_round(tmp_path / "r.csv", ROWS)
    assert samorsak("classify", "r.csv", "--model", "m", "--out", "coded").exit_code == 0
    gold = {
        row["answer_id"]: {mark["category"] for mark in row["statements"]} or {"no_cause"}  # type: ignore[attr-defined]
        for row in weather_answers("lost", 25, 7) + weather_answers("won", 15, 7)
    }
    right = sum(set(given[0]) == gold[answer_id] for answer_id, given in coded(tmp_path / "coded").items())  # type: ignore[call-overload]
    assert right >= 36
    other = write_encoder(tmp_path / "other")
    refused = samorsak("classify", "r.csv", "--model", "m", "--encoder", other, "--out", "again")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"{other}: another encoder (check sum ")
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "again").exists()
    measured = samorsak("evaluate", *options, "--train-files", "1")
    assert measured.exit_code == 0
    assert "training files  micro-F1" in measured.stdout


def test_a_prefix_needs_an_encoder(samorsak: Callable[..., Result]) -> None:
    for command in ("train", "evaluate"):
        result = samorsak(
            command,
            "--scheme",
            "af",
            "--annotations",
            "x",
            "--prefix",
            "query: ",
            *(["--out", "m"] * (command == "train")),
        )
        assert result.exit_code == 2
        assert "needs an --encoder that sees it" in result.stderr


def test_help_says_what_an_encoder_may_be(samorsak: Callable[..., Result]) -> None:
    for command in ("train", "evaluate", "classify"):
        shown = " ".join(samorsak(command, "--help").stdout.split())
        assert "--allow-network The encoder may be fetched from its hub." in shown
    assert "--encoder PATH Where the encoder that the model learned with lies." in shown
    for command in ("train", "evaluate"):
        shown = " ".join(samorsak(command, "--help").stdout.split())
        assert (
            "--encoder NAME Learn from an encoder's vectors, too: sv-static, a folder or a hub id." in shown
        )
        assert "--prefix TEXT Put before every text for the encoder: 'query: ' for E5." in shown


def test_no_encoder_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError) as caught:
        open_encoder("some/model")
    assert str(caught.value).startswith("some/model: no such ")


def test_a_check_sum_is_of_weights_and_not_of_files(survey: Path, tmp_path: Path) -> None:
    encoder = StaticEncoder.load(survey / "encoder")
    encoder.about["more"] = "said of it"
    write_folder(encoder, tmp_path / "same", "# same\n")
    assert fingerprint(StaticEncoder.load(tmp_path / "same")) == fingerprint(encoder)
    embedding = encoder.embedding.copy()
    embedding[3, 5] += 1
    assert fingerprint(StaticEncoder(list(encoder.places), embedding, {})) != fingerprint(encoder)
    words = [word for phrases in SAID["won"].values() for word in phrases.split("|")]
    assert Remembering(encoder).encode(words).shape == (len(words), 12)
    with pytest.raises(TypeError, match="Remembering has no weights to hash"):
        fingerprint(Remembering(encoder))


def test_a_transformer_is_known_by_its_weights() -> None:
    import torch

    def of(model: torch.nn.Module) -> str:
        encoder = TransformerEncoder.__new__(TransformerEncoder)  # loading a folder is not what is tested
        encoder._model = model
        return fingerprint(encoder)

    torch.manual_seed(0)
    model, again = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    first = of(model)
    assert len(first) == 64
    assert of(again) != first
    again.load_state_dict(model.state_dict())
    assert of(again) == first
    assert of(model.bfloat16()) != first  # rounded
    assert of(model) == of(model.float())
