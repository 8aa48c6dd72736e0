"""Second opinions on an audit."""

import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import weather_answers
from typer.testing import Result

from samorsak import crosscheck
from samorsak.crosscheck import Opinion, second_opinions
from samorsak.errors import InputError, TooFewError
from samorsak.pipeline.audit_draw import draw_audit
from samorsak.pipeline.audit_estimate import estimate_audit
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.crosschecking import Crosscheck, crosscheck_audit, show_crosschecks
from samorsak.pipeline.evidence import read_manifest
from samorsak.pipeline.ranking import rank_run
from samorsak.shares import Audit, estimate_audited

Run = Callable[..., Result]


@pytest.fixture
def audit() -> Audit:
    rng = np.random.default_rng(0)
    gold = rng.random((300, 3)) < [0.1, 0.3, 0.6]
    given = gold ^ (rng.random(gold.shape) < 0.05)
    rows = np.sort(rng.choice(300, 100, replace=False))
    return Audit(given, rows, gold[rows])


def test_opinions_are_those_of_the_packages(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    import ppi_py

    monkeypatch.setattr(crosscheck, "RESAMPLES", 20)
    ours, ppi, quapy = second_opinions(audit, estimate_audited(audit, draws=500))
    assert (ours.name, ppi.name, quapy.name) == ("samorsak", "PPI++", "QuaPy ACC")
    rest = np.delete(np.arange(300), audit.rows)
    column = (
        audit.gold[:, 1].astype(float),
        audit.given[audit.rows, 1].astype(float),
        audit.given[rest, 1].astype(float),
    )
    low, high = ppi_py.ppi_mean_ci(*column, alpha=0.05)
    assert (ppi.low[1], ppi.high[1]) == pytest.approx((low[0], high[0]))
    labels, gold = audit.given[audit.rows, 1], audit.gold[:, 1]
    hit, false = labels[gold].mean(), labels[~gold].mean()  # adjusted count, by hand
    assert quapy.share[1] == pytest.approx((audit.given[:, 1].mean() - false) / (hit - false))
    for opinion in (ours, ppi, quapy):
        assert ((opinion.low <= opinion.share) & (opinion.share <= opinion.high)).all()
        assert (np.abs(opinion.share - ours.share) < 0.03).all()
    again = second_opinions(audit, estimate_audited(audit, draws=500))
    assert again[2].low.tolist() == quapy.low.tolist()


def test_decided_answers_count_as_known(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crosscheck, "RESAMPLES", 5)
    more = np.vstack([audit.given, np.ones((100, 3), bool)])
    known = np.arange(400) >= 300
    with_known = Audit(more, audit.rows, audit.gold, known=known)
    plain = second_opinions(audit, estimate_audited(audit, draws=100))
    found = second_opinions(with_known, estimate_audited(with_known, draws=100))
    for before, after in zip(plain[1:], found[1:], strict=True):
        assert after.share.tolist() == pytest.approx(((100 + 300 * before.share) / 400).tolist())


def test_refused(audit: Audit) -> None:
    estimate = estimate_audited(audit, draws=100)
    weighted = Audit(audit.given, audit.rows, audit.gold, weight=np.arange(1.0, 301))
    with pytest.raises(InputError, match=r"^weight: second opinions know no weights; leave it out$"):
        second_opinions(weighted, estimate)
    with pytest.raises(
        TooFewError, match=r"^audit: 1 answers audited and 299 not, expected two and one or more$"
    ):
        second_opinions(Audit(audit.given, audit.rows[:1], audit.gold[:1]), estimate)


def test_without_the_extra_one_line_says_what_to_install(
    audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = builtins.__import__

    def no_ppi(name: str, *arguments: Any) -> Any:
        if name == "ppi_py":
            raise ModuleNotFoundError("No module named 'ppi_py'", name="ppi_py")
        return own(name, *arguments)

    estimate = estimate_audited(audit, draws=100)
    monkeypatch.setattr(builtins, "__import__", no_ppi)
    with pytest.raises(InputError) as caught:
        second_opinions(audit, estimate)
    assert (
        str(caught.value)
        == 'a second opinion needs ppi_py, which is not installed; pip install "samorsak[crosscheck]"'
    )


def opinion(name: str, share: float, low: float, high: float) -> Opinion:
    return Opinion(name, *(np.array([x, 0.5]) for x in (share, low, high)))


def test_a_contradiction_is_a_warning() -> None:
    ours, wide, off = (
        opinion("samorsak", 0.2, 0.15, 0.25),
        opinion("PPI++", 0.3, 0.1, 0.5),
        opinion("QuaPy ACC", 0.4, 0.3, 0.5),
    )
    check = Crosscheck("2024", "lost", "Varför inte?", 50, ("Regn", "Snö"), (ours, wide, off))
    assert list(check.contradicted()) == [("QuaPy ACC", ["Regn"])]
    assert show_crosschecks([check]) == (
        "2024: Varför inte?\n"
        "Andel av svaren, 50 granskade.\n"
        "\n"
        "                samorsak               PPI++           QuaPy ACC\n"
        "Regn  20,0 % (15,0–25,0)  30,0 % (10,0–50,0)  40,0 % (30,0–50,0)\n"
        "Snö   50,0 % (50,0–50,0)  50,0 % (50,0–50,0)  50,0 % (50,0–50,0)\n"
        "\n"
        "Varning: QuaPy ACC säger emot samorsak om Regn. De säger emot varandra där ingenderas andel ligger i\n"
        "den andras 95 %-intervall. PPI++ och QuaPy tar svaren som ett urval ur fler, så deras intervall är\n"
        "bredare.\n"
    )


@pytest.fixture
def decided_run(weather: Path, tmp_path: Path) -> Path:
    """A run of which half is audited and decided."""
    answers = weather_answers("lost", 40, 5)
    rows = [
        f'{a["answer_id"]},2024,{a["question"]},"{a["text"]}",{"Syd" if i % 4 else "Nord"}'
        for i, a in enumerate(answers)
    ]
    lines = ["answer_id,round,question,text,Region", *rows]
    (tmp_path / "round.csv").write_text("\n".join(lines), encoding="utf-8")
    run = classify_round(tmp_path / "round.csv", tmp_path / "run", model=weather / "model").out
    draw_audit(run, 20, seed=1)
    drawn = [json.loads(line) for line in (run / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    truth = {a["answer_id"]: a["statements"] for a in answers}
    decided = [{**row, "statements": truth[row["answer_id"]]} for row in drawn]
    (run / "audit.jsonl").write_text("".join(json.dumps(row) + "\n" for row in decided), encoding="utf-8")
    return run


def test_the_command(samorsak: Run, decided_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crosscheck, "RESAMPLES", 5)
    run = decided_run
    before = sorted(path.name for path in run.iterdir())
    result = samorsak("audit", "crosscheck", run, "--lang", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("2024: Varför förlorade ni?\nShare of the answers, 20 audited.\n\n")
    assert [name in result.stdout for name in ("samorsak", "PPI++", "QuaPy ACC", "Regn")] == [True] * 4
    assert sorted(path.name for path in run.iterdir()) == before  # nothing is written
    (check,) = crosscheck_audit(run, lines="2023", draws=100)
    assert check.labels == ("Väta", "Övrigt")


def test_an_audited_round_hides_its_own_small_numbers(decided_run: Path) -> None:
    rank_run(decided_run, suppress_below=5)
    audited, _ = estimate_audit(decided_run)
    assert "suppression" not in read_manifest(audited)
    ranking, _ = rank_run(audited, where=["Region=Syd"], suppress_below=5)
    assert all(row.n is None or row.n == 0 or row.n >= 5 for row in ranking.rows)
    assert any(row.n is None for row in ranking.rows) and any(row.n for row in ranking.rows)
    assert read_manifest(audited)["suppression"]["columns"] == ["Region"]
