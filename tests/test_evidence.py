"""What a run folder knows of how sure its counts are, and how it is read back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import CODED, SCHEME
from typer.testing import Result

from samorsak.annotations import read_annotations
from samorsak.errors import InputError, TooFewError
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.demo import DEMO_ROUND
from samorsak.pipeline.evidence import drawn_audit, estimates_of, read_evidence, read_manifest, write_manifest
from samorsak.pipeline.fitting import fit_question
from samorsak.pipeline.material import gather
from samorsak.pipeline.model import Model
from samorsak.pipeline.probabilities import PROBABILITIES, read_probabilities, write_probabilities
from samorsak.pipeline.ranking import rank_run
from samorsak.pipeline.training import entries_of, load_model, read_entries, to_gold
from samorsak.pipeline.trials import TRIAL, read_trials, write_trials
from samorsak.report.files import read_coded, read_ranking
from samorsak.scheme import read_scheme
from samorsak.shares import estimate_modelled

Run = Callable[..., Result]
TRIAL_OF_LOST = (
    "question,given,gold,n\n"
    "lost,no_cause,no_cause,40\n"
    "lost,rain,rain,30\n"
    "lost,rain;snow,rain,5\n"
    "lost,snow,snow,25\n"
    "lost,wind,no_cause,3\n"
    "lost,wind,other,2\n"
)

AUDIT_SAID = {"scheme": "0a", "draw": "1b", "frame_sha256": "2c", "cut": 0.1}


@pytest.fixture
def tried_folder(run_folder: Path) -> Path:
    """The coded round written by hand, with a trial of one of its questions."""
    (run_folder / TRIAL).write_text(TRIAL_OF_LOST, encoding="utf-8")
    return run_folder


def test_a_trial_is_kept_with_the_model_and_with_what_it_codes(weather: Path, tmp_path: Path) -> None:
    model, _ = load_model(weather / "model")
    write_trials(tmp_path / TRIAL, model)
    kept = read_trials(tmp_path, read_scheme(weather))
    assert list(kept) == ["lost", "won"]
    for question, n in (("lost", 60), ("won", 50)):
        trial = model.questions[question].trial
        assert trial is not None and len(trial.gold) == len(kept[question].gold) == n
        for one, other in ((trial.given, kept[question].given), (trial.gold, kept[question].gold)):
            assert sorted(map(tuple, one.tolist())) == sorted(map(tuple, other.tolist()))


def test_a_trial_knows_nothing_of_the_author_it_is_tried_on(weather: Path) -> None:
    scheme = read_scheme(weather)
    lost = [a for a in read_annotations([weather / "annotations"], scheme) if a.question == "lost"]
    means = {"a": "rain", "b": "wind"}  # one word, and each author means something else by it
    contrary = [
        replace(a, text="blarg", statements=None, categories=(means[a.source],))
        for a in lost
        if not a.statements
    ]
    gold = [to_gold(a) for a in [*(a for a in lost if a.statements), *contrary]]
    outcomes = (*scheme.outcomes("lost"), "no_cause")
    entries = entries_of(scheme, "lost", read_entries(weather, scheme, ()))
    trial = fit_question(gather(outcomes, gold, entries, "sv"), tried=True).trial
    assert trial is not None and trial.gold.shape == (60, 4)
    wrong = (trial.given != trial.gold).any(axis=1).sum()
    assert len(contrary) <= wrong < 30


def test_an_untried_model_leaves_no_trial(weather: Path, tmp_path: Path) -> None:
    model, _ = load_model(weather / "model")
    (tmp_path / TRIAL).write_text(TRIAL_OF_LOST, encoding="utf-8")
    write_trials(tmp_path / TRIAL, Model(model.scheme, {}))
    assert not (tmp_path / TRIAL).exists()
    assert read_trials(tmp_path, SCHEME) == {}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("found,rain,rain,1", "question is 'found', the scheme has: lost, won"),
        ("lost,hail,rain,1", "a category of 'lost' is not in the scheme; code the round again"),
        ("lost,rain,rain,some", "n is 'some', expected a number"),
        ("won,sun,sun,0", "n is 0, expected 1 or more"),
        ("won,,sun,1", "a category of 'won' is not in the scheme; code the round again"),
    ],
)
def test_a_damaged_trial(tried_folder: Path, row: str, fault: str) -> None:
    with (tried_folder / TRIAL).open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    with pytest.raises(InputError) as caught:
        rank_run(tried_folder)
    assert str(caught.value) == f"{tried_folder / TRIAL} line 8: {fault}"


def test_a_run_without_an_audit_is_estimated_by_the_trial(tried_folder: Path) -> None:
    lost, won = estimates_of(tried_folder)
    assert (lost.round, lost.question, lost.group_by, lost.group, lost.lines) == (
        *("2024", "lost", "", ""),
        "scheme",
    )
    assert lost.ids == ("rain", "snow", "wind", "other")
    assert lost.labels == ("Regn", "Snö", "Vind", "Övrigt")
    assert lost.given.sum(axis=0).tolist() == [2, 1, 0, 1]
    expected = estimate_modelled(lost.given, read_trials(tried_folder, SCHEME)["lost"])
    assert lost.estimate is not None and lost.estimate.method == "modelled"
    assert (lost.estimate.draws == expected.draws).all()
    assert won.estimate is None  # nobody tried


def test_lines_and_groups_are_estimated_for_themselves(tried_folder: Path) -> None:
    found = estimates_of(tried_folder, lines="2023", by="Region", question="lost", draws=100)
    assert [(e.group, len(e.given)) for e in found] == [("Nord", 1), ("Syd", 2), ("", 1)]
    assert [e.ids for e in found] == [("wet", "other")] * 3
    assert all(e.estimate is not None and e.estimate.draws.shape == (100, 2) for e in found)


def test_rows_tell_what_the_estimate_says(tried_folder: Path) -> None:
    ranking, _ = rank_run(tried_folder, base="answers")
    (estimate,) = (e.estimate for e in estimates_of(tried_folder, question="lost"))
    assert estimate is not None
    low, high = estimate.interval("answers")
    rain, snow, wind, other = (row for row in ranking.rows if row.question == "lost")
    assert [rain.category, snow.category, wind.category, other.category] == ["rain", "snow", "wind", "other"]
    assert (rain.n, rain.of, rain.share, rain.method, rain.audited) == (2, 4, 0.5, "modelled", 0)
    assert (rain.low, rain.high) == (low[0], high[0])
    assert (rain.rank_low, rain.place_low) == (1, 1)
    assert not rain.few_positives  # there is no audit to be small
    assert 0.5 < rain.top_three <= 1  # type: ignore[operator]
    # nobody who gave `other` was understood: nothing can be said of it
    assert (other.method, other.low, other.high, other.rank_low) == ("refused", None, None, None)
    (sun,) = (row for row in ranking.rows if row.category == "sun")
    assert (sun.method, sun.low, sun.high, sun.rank_low, sun.top_three) == ("counted", None, None, None, None)


def test_what_is_written_when_a_round_is_coded_is_what_rank_shows(weather: Path, tmp_path: Path) -> None:
    lines = ["answer_id,round,question,text"]
    lines += [
        f"{n},2024,lost,{text}" for n, text in enumerate(["det regnade hela dagen", "snön låg djup"] * 9)
    ]
    (tmp_path / "round.csv").write_text("\n".join(lines), encoding="utf-8")
    run = classify_round(tmp_path / "round.csv", tmp_path / "run", model=weather / "model").out
    written = [r for r in read_ranking(run / "ranking.csv") if (r.base, r.lines) == ("causes", "scheme")]
    assert tuple(written) == rank_run(run)[0].rows
    assert {row.method for row in written} <= {"modelled", "refused"}


def weighted(folder: Path, weights: Sequence[str]) -> Path:
    header, *rows = (folder / "answers.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([f"{header},Vikt", *(f"{r},{w}" for r, w in zip(rows, weights, strict=True))])
    (folder / "answers.csv").write_text(text, encoding="utf-8")
    return folder


def test_weights_count_an_answer_as_many(run_folder: Path) -> None:
    ranking, _ = rank_run(weighted(run_folder, ["1", "2", "0", '"0,5"', "1"]), weight="Vikt", base="answers")
    rain, snow, *_ = ranking.rows
    assert (rain.category, rain.share, rain.of, rain.weight) == ("rain", pytest.approx(3 / 3.5), 4, "Vikt")
    assert (snow.category, snow.share) == ("snow", pytest.approx(1 / 3.5))


def test_weights_on_another_scale_change_nothing(tried_folder: Path) -> None:
    one, _ = rank_run(weighted(tried_folder, ["1", "2", "1", "3", "1"]), weight="Vikt", question="lost")
    header = (tried_folder / "answers.csv").read_text(encoding="utf-8")
    for a, b in (("Syd,1", "Syd,4"), ("Nord,2", "Nord,8"), (",,3", ",,12")):
        header = header.replace(a, b)
    (tried_folder / "answers.csv").write_text(header, encoding="utf-8")
    assert rank_run(tried_folder, weight="Vikt", question="lost")[0] == one


def test_weights_that_are_none(run_folder: Path) -> None:
    weighted(run_folder, ["1", "-2", "", "tung", "1"])
    with pytest.raises(InputError) as caught:
        rank_run(run_folder, weight="Vikt")
    assert str(caught.value) == (
        "3 bad weights:\n"
        "  weight: 'Vikt' is '-2' in answer '2/lost', expected a number from 0\n"
        "  weight: 'Vikt' is '' in answer '3/lost', expected a number from 0\n"
        "  weight: 'Vikt' is 'tung' in answer '4/lost', expected a number from 0"
    )


def test_weights_that_are_all_zero(run_folder: Path) -> None:
    weighted(run_folder, ["1", "0", "1", "1", "1"])
    with pytest.raises(TooFewError) as caught:
        rank_run(run_folder, weight="Vikt", by="Region")
    assert str(caught.value) == (
        "weight: answers of Region 'Nord' to 'lost' all weigh 0, expected one that does not"
    )


def test_probabilities_come_back(tmp_path: Path) -> None:
    written = [(0.5, 0.25, 0.125, 0.0), (0.1, 0.2, 0.3, 0.4), (0.0,) * 4, (1.0,) * 4, (0.123456, 0.0)]
    write_probabilities(tmp_path, CODED, written)
    found = read_probabilities(tmp_path, CODED, SCHEME)
    assert [tuple(found[a.answer_id].tolist()) for a in CODED] == written


def test_probabilities_of_something_else(tmp_path: Path) -> None:
    place = tmp_path / PROBABILITIES
    way_out = "expected the one that 'samorsak classify' wrote; code the round again"
    for raw, fault in ((None, "no such file, or not readable"), (b"{}", "damaged")):
        if raw:
            place.write_bytes(raw)
        with pytest.raises(InputError) as caught:
            read_probabilities(tmp_path, CODED, SCHEME)
        assert str(caught.value) == f"{place}: {fault}; {way_out}"
    write_probabilities(tmp_path, CODED[1:], [(0.0,) * 4] * 3 + [(0.0,) * 2])
    with pytest.raises(InputError) as caught:
        read_probabilities(tmp_path, CODED, SCHEME)
    assert str(caught.value) == f"{place}: not of the answers beside it; {way_out}"


def test_a_damaged_manifest(run_folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_manifest(run_folder)
    assert str(caught.value) == (
        f"{run_folder}: no run.json in it; expected a folder that 'samorsak classify' wrote"
    )
    (run_folder / "run.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_evidence(run_folder, SCHEME)
    assert str(caught.value) == (
        f"{run_folder / 'run.json'}: damaged, expected a manifest; run 'samorsak classify' again"
    )


@pytest.mark.parametrize(
    "damaged",
    [
        *([], "audit", 1, {}),
        *({key: value for key, value in AUDIT_SAID.items() if key != left_out} for left_out in AUDIT_SAID),
        *({**AUDIT_SAID, key: None} for key in AUDIT_SAID),
        {**AUDIT_SAID, "cut": "0.1"},
    ],
)
def test_a_manifest_whose_audit_is_damaged(samorsak: Run, run_folder: Path, damaged: object) -> None:
    (run_folder / "run.json").write_text(json.dumps({"audit": damaged}), encoding="utf-8")
    fault = (
        f"{run_folder / 'run.json'}: 'audit' is damaged, expected scheme, draw, frame_sha256, cut; restore the "
        "file, or write it again with the command that did\n"
    )
    for command in (["rank"], ["audit", "draw", "-n", "5"], ["audit", "estimate"]):
        result = samorsak(*command, run_folder)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", fault)
    assert drawn_audit(run_folder) == {}


def test_an_audit_that_is_whole(run_folder: Path) -> None:
    (run_folder / "run.json").write_text(json.dumps({"audit": AUDIT_SAID}), encoding="utf-8")
    assert read_manifest(run_folder) == {"audit": AUDIT_SAID}
    assert drawn_audit(run_folder) == AUDIT_SAID
    write_manifest(run_folder, {"b": "å", "a": {"audit": None}})
    assert (run_folder / "run.json").read_text(encoding="utf-8") == (
        '{\n "a": {\n  "audit": null\n },\n "b": "å"\n}\n'
    )


def test_every_answer_of_the_demo_round_has_its_probabilities(tmp_path: Path) -> None:
    run = classify_round(DEMO_ROUND, tmp_path / "run").out
    scheme = read_scheme("af")
    coded = read_coded(run)
    found = read_probabilities(run, coded, scheme)
    assert len(found) == 320
    for answer in coded:
        p = found[answer.answer_id]
        given = np.array([c in answer.categories for c in scheme.outcomes(answer.question)])
        assert not given.any() or p[given].min() >= p[~given].max() - 1e-9
