"""Tables of a run folder's closed questions: counts, associations, hidden numbers, two rounds side by side."""

import csv
import itertools
import json
import random
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import SCHEME
from scipy.optimize import LinearConstraint, milp
from scipy.stats import kendalltau

from samorsak.answers import Closed, ClosedQuestion, CrosstabAsked, Respondent
from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.pipeline.audit_draw import draw_audit
from samorsak.pipeline.audit_estimate import estimate_audit
from samorsak.pipeline.closed import closed_tables
from samorsak.pipeline.closed_changes import compare_closed
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.demo import DEMO_ROUND
from samorsak.pipeline.forgetting import forget_answer
from samorsak.pipeline.ranking import rank_run
from samorsak.pipeline.report_sections.compared_closed import closed_changes
from samorsak.pipeline.respondents import write_closed
from samorsak.pipeline.reviewed import apply_review
from samorsak.report.document import Note
from samorsak.report.files import write_coded
from samorsak.tables import Association, Crosstab, Distribution, Group, Option, Remark, RoundTables, Verdict

BELOW = 5
HOW, GOALS, AREAS = "Hur gick det?", "Mål", "Områden"
QUESTIONS = {
    name: ClosedQuestion.model_validate(question)
    for name, question in {
        "progress": {
            "kind": "single",
            "column": HOW,
            "ordered": True,
            "levels": {"all": "Alla", "some": "Några", "none": "Inga"},
        },
        "areas": {"kind": "multiple", "column": AREAS, "levels": {"jobs": "Jobb", "studies": "Studier"}},
        "clarity": {
            "kind": "matrix",
            "ordered": True,
            "levels": {"clear": "Tydligt", "unclear": "Otydligt"},
            "columns": {"goals": GOALS},
            "where": ["Ihop=Ja"],
        },
    }.items()
}
Row = tuple[str, str, tuple[str, ...], str, str, str, tuple[str, ...] | None]
"""Id, progress, areas, goals, region, together, causes of the answer to `lost` or None."""


def respondent(row: Row, round_: str = "2024") -> Respondent:
    name, progress, areas, goals, region, ihop, _ = row
    closed = {
        "progress": (progress,) if progress else (),
        "areas": areas,
        "clarity/goals": (goals,) if goals else (),
    }
    return Respondent(name, round_, closed, {"Region": region, "Ihop": ihop})


def answer(row: Row, round_: str = "2024") -> CodedAnswer:
    name, progress, areas, goals, region, ihop, causes = row
    written = {
        HOW: QUESTIONS["progress"].levels[progress].written[0] if progress else "",
        GOALS: QUESTIONS["clarity"].levels[goals].written[0] if goals else "",
    }
    background = {"Nr": name, "Region": region, "Ihop": ihop, **written, AREAS: "; ".join(areas)}
    return CodedAnswer(f"{name}/lost", round_, "lost", causes or ("no_cause",), "x", background)


def write_run(
    folder: Path,
    rows: list[Row],
    crosstabs: tuple[CrosstabAsked, ...] | None = None,
    questions: dict[str, ClosedQuestion] = QUESTIONS,
) -> Path:
    folder.mkdir()
    write_coded(folder / "answers.csv", [answer(row) for row in rows if row[-1] is not None])
    (folder / "scheme.json").write_text(SCHEME.model_dump_json(by_alias=True), encoding="utf-8")
    (folder / "run.json").write_text('{"personal_data": "masked"}\n', encoding="utf-8")
    write_closed(folder, Closed(questions, crosstabs, tuple(map(respondent, rows))))
    return folder


FEW: list[Row] = [
    ("1", "all", ("jobs",), "clear", "Syd", "Ja", ("rain",)),
    ("2", "all", ("jobs", "studies"), "clear", "Syd", "Ja", ("rain", "snow")),
    ("3", "some", (), "unclear", "Nord", "Ja", None),
    ("4", "none", ("studies",), "unclear", "Nord", "Nej", ("no_cause",)),
    ("5", "none", (), "unclear", "", "Ja", ("snow",)),
    ("6", "", ("jobs",), "", "Syd", "Ja", None),
]


def tables_of(run: Path, **options: object) -> RoundTables:
    (found,) = closed_tables(run, draws=200, **options)  # type: ignore[arg-type]
    return found


def table(tables: RoundTables, name: str) -> Crosstab:
    return next(one for one in tables.crosstabs if one.name == name)


def distribution(tables: RoundTables, name: str, by: str = "") -> Distribution:
    return next(one for one in tables.distributions if (one.variable.name, one.group_by) == (name, by))


def test_counts_missing_and_conditions(tmp_path: Path) -> None:
    found = tables_of(write_run(tmp_path / "run", FEW))
    assert (found.round, found.respondents, found.audited, found.remarks) == ("2024", 6, False, ())
    assert distribution(found, "progress").groups == (Group("", (2, 1, 2), 5, 1, 0),)
    assert distribution(found, "progress").groups[0].shares == (0.4, 0.2, 0.4)
    assert distribution(found, "areas").groups == (Group("", (3, 2), 4, 2, 0),)
    goals = distribution(found, "clarity/goals")
    assert goals.groups == (Group("", (2, 2), 4, 1, 1),)
    assert (goals.question, goals.where) == (Option("clarity", "clarity", "clarity"), ("Ihop=Ja",))
    assert goals.remarks == (Remark("where", {"condition": "Ihop=Ja", "column": "Ihop", "value": "Ja"}),)
    assert distribution(found, "progress", "Region").groups == (
        Group("Nord", (0, 1, 1), 2, 0, 0),
        Group("Syd", (2, 0, 0), 2, 1, 0),
    )
    assert distribution(found, "clarity/goals", "Ihop").groups == (
        Group("Ja", (2, 2), 4, 1, 0),
        Group("Nej", (0, 0), 0, 0, 1),
    )


def test_crosstabs_by_default(tmp_path: Path) -> None:
    found = tables_of(write_run(tmp_path / "run", FEW))
    assert [one.name for one in found.crosstabs] == [
        "progress-by-clarity/goals",
        *(f"lost-by-{by}" for by in ("progress", "clarity/goals", "Region", "Ihop")),
    ]
    first = table(found, "progress-by-clarity/goals")
    assert (first.counts, first.base, first.totals) == (((2, 0), (0, 1), (0, 1)), (2, 2), (2, 1, 1))
    assert (first.n, first.missing, first.filtered, first.machine) == (4, 1, 1, False)
    assert first.shares == ((1.0, 0.0), (0.0, 0.5), (0.0, 0.5))
    expected = kendalltau([0, 0, 1, 2], [0, 0, 1, 1]).statistic
    assert first.associations[0].value == pytest.approx(expected)
    assert first.associations[0].p == first.associations[0].p_holm
    causes = table(found, "lost-by-progress")
    assert [option.id for option in causes.rows.options] == ["rain", "snow", "wind", "other"]
    assert (causes.counts[:2], causes.base, causes.n, causes.missing) == (
        ((2, 0, 0), (1, 0, 1)),
        (2, 0, 2),
        4,
        2,
    )
    assert causes.machine and Remark("machine_codes") in causes.remarks
    assert [one.measure for one in causes.associations] == ["tau_b"] * 4
    assert causes.associations[2] == Association("tau_b", 4, undefined="one_level")
    assert causes.verdict is not None and causes.verdict.undefined == ("wind", "other")
    assert {one.measure for one in table(found, "lost-by-Region").associations} == {"cramers_v"}
    assert table(found, "lost-by-Region").missing == 3  # two wrote nothing, one has no region
    assert found.verdicts == (Verdict("progress", None, (), ("progress-by-clarity/goals",), ()),)


def test_crosstabs_that_are_asked_for(tmp_path: Path) -> None:
    asked = [("progress", "clarity"), ("areas", "Region"), ("lost", "clarity/goals"), ("clarity", "progress")]
    run = write_run(tmp_path / "run", FEW, tuple(CrosstabAsked(rows=rows, by=by) for rows, by in asked))
    found = tables_of(run)
    assert [one.name for one in found.crosstabs] == [
        "progress-by-clarity/goals",
        "areas-by-Region",
        "lost-by-clarity/goals",
        "clarity/goals-by-progress",
    ]
    areas = table(found, "areas-by-Region")
    assert (areas.counts, areas.base, areas.missing) == (((0, 3), (1, 1)), (1, 3), 2)
    assert areas.machine is False and len(areas.associations) == 2


@pytest.mark.parametrize(
    ("rows", "by", "message"),
    [
        ("progres", "Region", "rows is 'progres', round 2024 has: progress, areas, clarity, lost"),
        (
            "progress",
            "lost",
            "by is 'lost', round 2024 has: progress, areas, clarity, Region, Ihop; causes and questions of several"
            " choices can be rows only",
        ),
    ],
)
def test_crosstabs_of_what_is_not_there(tmp_path: Path, rows: str, by: str, message: str) -> None:
    run = write_run(tmp_path / "run", FEW, (CrosstabAsked(rows=rows, by=by),))
    with pytest.raises(InputError) as caught:
        closed_tables(run)
    assert str(caught.value) == f"crosstabs: {message}"


def test_crosstabs_of_what_nobody_answered_or_of_too_many_groups_are_named(tmp_path: Path) -> None:
    asked = (CrosstabAsked(rows="won", by="progress"), CrosstabAsked(rows="progress", by="Region"))
    same: list[Row] = [(*row[:4], "Syd", *row[5:]) for row in FEW]  # type: ignore[misc]
    found = tables_of(write_run(tmp_path / "run", same, asked))
    assert found.crosstabs == ()
    assert found.remarks == (
        Remark("not_crossed", {"rows": "won", "by": "progress"}),
        Remark("not_crossed", {"rows": "progress", "by": "Region"}),
    )


def test_codes_that_an_audit_has_corrected_are_not_called_the_machines(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", FEW)
    audit = {"scheme": "x", "draw": "x", "frame_sha256": "x", "cut": 0.1}
    for decided, audited in (({}, False), ({"decided": 3}, True)):
        (run / "run.json").write_text(json.dumps({"audit": audit | decided}), encoding="utf-8")
        causes = table(tables_of(run), "lost-by-Region")
        assert (causes.machine, Remark("machine_codes") in causes.remarks) == (not audited, not audited)
        assert tables_of(run).audited is audited


def test_a_folder_without_closed_questions_has_causes_by_background(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", FEW)
    (run / "closed.csv").unlink()
    (run / "closed.json").unlink()
    found = tables_of(run)
    assert (found.respondents, found.distributions, found.verdicts) == (4, (), ())
    assert found.remarks == (Remark("no_closed_questions"),)
    assert "lost-by-Region" in [one.name for one in found.crosstabs]


def test_a_question_without_answers_and_one_with_one_level(tmp_path: Path) -> None:
    nobody: list[Row] = [(row[0], "", (), "clear", *row[4:]) for row in FEW]  # type: ignore[misc]
    found = tables_of(write_run(tmp_path / "run", nobody))
    assert distribution(found, "progress").groups == (Group("", (0, 0, 0), 0, 6, 0),)
    assert distribution(found, "progress").groups[0].shares == (None, None, None)
    empty = table(found, "progress-by-clarity/goals")
    assert empty.associations == (Association("tau_b", 0, undefined="no_answers"),)
    assert Remark("no_answers") in empty.remarks
    assert found.verdicts[0].undefined == ("progress-by-clarity/goals",)
    by_goals = table(found, "lost-by-clarity/goals")
    assert {one.undefined for one in by_goals.associations} == {"one_level"}


def test_one_respondent_who_wrote_nothing(tmp_path: Path) -> None:
    found = tables_of(write_run(tmp_path / "run", [(*FEW[0][:-1], None)]))
    assert [one.name for one in found.crosstabs] == ["progress-by-clarity/goals"]
    assert table(found, "progress-by-clarity/goals").associations[0].undefined == "one_level"


def rows_of(seed: int, n: int) -> list[Row]:
    rng = random.Random(seed)
    rows: list[Row] = []
    for i in range(n):
        region = rng.choices(["Nord", "Syd", "Väst"], [10, 20, 3])[0]
        progress = rng.choices(["all", "some", "none", ""], [6, 10, 3, 1])[0]
        goals = rng.choices(["clear", "unclear", ""], [9, 4, 1])[0]
        areas = tuple(a for a in ("jobs", "studies") if rng.random() < 0.5)
        causes = rng.choice(GIVEN)
        rows.append((str(i), progress, areas, goals, region, rng.choices(["Ja", "Nej"], [8, 1])[0], causes))
    return rows


def test_the_same_input_and_seed_give_the_same_tables(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", rows_of(1, 60))
    assert tables_of(run) == tables_of(run)
    assert tables_of(run, seed=1) != tables_of(run)
    alone = (CrosstabAsked(rows="lost", by="Region"),)
    other = tables_of(write_run(tmp_path / "other", rows_of(1, 60), alone))
    assert table(other, "lost-by-Region") == table(tables_of(run), "lost-by-Region")


def test_rows_in_another_order_give_the_same_tables(tmp_path: Path) -> None:
    one, other = (write_run(tmp_path / name, rows_of(1, 60)[::step]) for name, step in (("a", 1), ("b", -1)))
    assert tables_of(one) == tables_of(other)


GIVEN = [("rain",), ("snow",), ("rain", "wind"), ("no_cause",), None]
CHOSEN = [(), ("jobs",), ("studies",), ("jobs", "studies")]


class Reader:
    """Knows what is shown and looks for another round that would show the same.

    Its people differ in region, together, progress, goals, and areas or the causes they gave.
    """

    def __init__(self, tables: RoundTables, causes: bool) -> None:
        last = range(len(GIVEN if causes else CHOSEN))
        self.people = list(itertools.product(["Nord", "Syd", "Väst"], ["Ja", "Nej"], LEVELS, GOALS_OF, last))
        self.causes = causes
        self.rows: list[np.ndarray] = [np.ones(len(self.people))]
        self.low: list[float] = [tables.respondents]
        self.high: list[float] = [tables.respondents]
        self.small: list[tuple[np.ndarray, int]] = []

    def column(self, name: str) -> np.ndarray:
        place = ["Region", "Ihop", "progress", "clarity/goals", "lost" if self.causes else "areas"].index(
            name
        )
        return np.array([person[place] for person in self.people])

    def levels(self, name: str, ids: list[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Who answered, and who has each level, option or cause."""
        column = self.column(name)
        if name in ("lost", "areas"):
            sets = [(GIVEN if self.causes else CHOSEN)[place] for place in column]
            answered = [bool(one) for one in sets]
            return np.array(answered), [np.array([one in (own or ()) for own in sets]) for one in ids]
        return column != "", [column == one for one in ids]

    def learn(
        self, who: np.ndarray, shown: int | None, true: int | None, small: bool, few: bool = False
    ) -> None:
        """Take a number in; one that is hidden is above zero, but not so in a group of which nothing is shown."""
        self.rows.append(who.astype(float))
        self.low.append(shown if shown is not None else 1 if true and not few else 0)
        self.high.append(np.inf if shown is None else shown)
        if small and shown is None and true and true < BELOW:
            self.small.append((who.astype(float), true))

    def can_be_other(self, who: np.ndarray, true: int) -> bool:
        """Find a round that shows the same and in which the number is smaller or larger."""
        n = len(self.people)
        for low, high in ((true + 1, np.inf), (0, true - 1)):
            shown = LinearConstraint(np.vstack([*self.rows, who]), [*self.low, low], [*self.high, high])
            if milp(np.zeros(n), integrality=np.ones(n), constraints=shown).x is not None:
                return True
        return False


LEVELS, GOALS_OF = ["all", "some", "none", ""], ["clear", "unclear", ""]


def read_all(shown: RoundTables, true: RoundTables, causes: bool) -> Reader:
    reader = Reader(shown, causes)
    everybody = np.ones(len(reader.people), bool)
    together = reader.column("Ihop") == "Ja"
    for one, other in zip(shown.distributions, true.distributions, strict=True):
        if causes and one.variable.name == "areas":
            continue
        meets = together if one.where else everybody
        answered, levels = reader.levels(one.variable.name, [option.id for option in one.variable.options])
        for group, known in zip(one.groups, other.groups, strict=True):
            member = reader.column(one.group_by) == group.group if one.group_by else everybody
            few = bool(one.group_by) and 0 < (known.answered or 0) < BELOW
            for level, n, was in zip(levels, group.counts, known.counts, strict=True):
                reader.learn(member & meets & level, n, was, bool(one.group_by), few)
            reader.learn(member & meets & answered, group.answered, known.answered, False)
            reader.learn(member & meets & ~answered, group.missing, known.missing, False)
            reader.learn(member & ~meets, group.filtered, known.filtered, False)
    for one, other in zip(shown.crosstabs, true.crosstabs, strict=True):
        refused = any(remark.kind == "refused" for remark in one.remarks)
        if not refused and (causes or one.rows.kind == "level"):
            learn_crosstab(reader, one, other, together if one.where else everybody)
    return reader


def learn_crosstab(reader: Reader, one: Crosstab, other: Crosstab, meets: np.ndarray) -> None:
    answered, rows = reader.levels(one.rows.name, [option.id for option in one.rows.options])
    in_group, groups = reader.levels(one.by.name, [option.id for option in one.by.options])
    both = meets & answered & in_group
    few = [0 < (n or 0) < BELOW for n in other.base]
    few_rows = [one.rows.kind == "level" and 0 < (n or 0) < BELOW for n in other.totals]
    for i, j in itertools.product(range(len(rows)), range(len(groups))):
        who = both & rows[i] & groups[j]
        reader.learn(who, one.counts[i][j], other.counts[i][j], True, few[j] or few_rows[i])
    for group, n, was in zip(groups, one.base, other.base, strict=True):
        reader.learn(both & group, n, was, False)
    for row, n, was in zip(rows, one.totals, other.totals, strict=True):
        reader.learn(both & row, n, was, False)
    reader.learn(both, one.n, other.n, False)
    reader.learn(meets & ~(answered & in_group), one.missing, other.missing, False)


@pytest.mark.parametrize("causes", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(
    tmp_path: Path, seed: int, causes: bool
) -> None:
    run = write_run(tmp_path / "run", rows_of(seed, 90))
    true, shown = tables_of(run), tables_of(run, suppress_below=BELOW)
    reader = read_all(shown, true, causes)
    assert len(reader.small) > 5
    assert all(reader.can_be_other(who, n) for who, n in reader.small)


def test_a_reader_of_all_margins_works_out_what_is_hidden_alone(tmp_path: Path) -> None:
    true = tables_of(write_run(tmp_path / "run", rows_of(1, 90)))
    reader = read_all(without_one(true), true, causes=False)
    assert len(reader.small) == 1
    assert not reader.can_be_other(*reader.small[0])


def without_one(true: RoundTables) -> RoundTables:
    """Hide the first small number of a group and nothing else."""
    for place, one in enumerate(true.distributions):
        for at, group in enumerate(one.groups):
            if one.group_by and (small := [i for i, n in enumerate(group.counts) if n and n < BELOW]):
                counts = tuple(None if i == small[0] else n for i, n in enumerate(group.counts))
                groups = (*one.groups[:at], replace(group, counts=counts), *one.groups[at + 1 :])
                changed = replace(one, groups=groups)
                rest = true.distributions
                return replace(true, distributions=(*rest[:place], changed, *rest[place + 1 :]))
    raise AssertionError("no small number")


@pytest.mark.parametrize("seed", [1, 2])
def test_no_small_number_of_a_group_is_shown_and_totals_are_kept(tmp_path: Path, seed: int) -> None:
    run = write_run(tmp_path / "run", rows_of(seed, 120))
    true, shown = tables_of(run), tables_of(run, suppress_below=BELOW)
    for one in shown.crosstabs:
        assert not [n for row in one.counts for n in row if n is not None and 0 < n < BELOW]
    for one, was in zip(shown.distributions, true.distributions, strict=True):
        if one.group_by:
            assert not [n for group in one.groups for n in group.counts if n is not None and 0 < n < BELOW]
        else:
            assert one == was
    goals = table(shown, "progress-by-clarity/goals")
    assert Remark("withheld", {"below": BELOW}) in goals.remarks
    value = goals.associations[0].value
    assert value is not None and value == round(value, 2)


def test_causes_are_hidden_as_ranked_lists_of_the_same_groups_hide_them(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", rows_of(4, 150))
    ranking, _ = rank_run(run, by=HOW, base="answers", suppress_below=BELOW)
    listed = {(row.group, row.category): row.n for row in ranking.rows}
    causes = table(tables_of(run, suppress_below=BELOW), "lost-by-progress")
    written = [level.written[0] for level in QUESTIONS["progress"].levels.values()]
    for option, row in zip(causes.rows.options, causes.counts, strict=True):
        assert list(row) == [listed[group, option.id] for group in written]
    assert any(None in row for row in causes.counts)
    with pytest.raises(InputError, match="numbers below 5 are hidden in what was shown before, asked for 3"):
        tables_of(run, suppress_below=3)


def test_causes_by_a_question_with_conditions_are_shown_where_most_of_them_are_large(tmp_path: Path) -> None:
    few, many = (write_run(tmp_path / name, rows_of(5, n)) for name, n in (("few", 60), ("many", 1500)))
    hidden, shown = (
        table(tables_of(run, suppress_below=BELOW), "lost-by-clarity/goals") for run in (few, many)
    )
    assert Remark("refused") in hidden.remarks
    assert (hidden.n, hidden.base, set(sum(hidden.counts, ()))) == (None, (None, None), {None})
    assert Remark("refused") not in shown.remarks
    true = table(tables_of(many), "lost-by-clarity/goals")
    kept = [
        n == was
        for row, known in zip(shown.counts, true.counts, strict=True)
        for n, was in zip(row, known, strict=True)
    ]
    assert sum(kept) >= len(kept) / 2  # the rest hides what few without an assessment said


def test_two_rounds_say_what_has_changed_and_what_is_not_the_same(tmp_path: Path) -> None:
    asked = {
        "progress": QUESTIONS["progress"].model_copy(
            update={"column": "Hur har det gått?", "levels": dict(QUESTIONS["progress"].levels)}
        ),
        "areas": QUESTIONS["areas"],
    }
    levels = ClosedQuestion.model_validate(
        {"kind": "single", "column": "x", "levels": {"all": "Samtliga", "half": "Hälften", "none": "Inga"}}
    ).levels
    asked["progress"] = asked["progress"].model_copy(update={"levels": levels})
    new: list[Row] = [(str(i), "all" if i < 30 else "half", (), "", "Syd", "Ja", None) for i in range(40)]
    new.append(("x", "none", (), "", "Nord", "Nej", ("rain",)))
    old: list[Row] = [
        (str(i), "all" if i < 10 else "none", (), "", "Syd", "Ja", ("rain",)) for i in range(40)
    ]
    before = tables_of(write_run(tmp_path / "old", old))
    after = tables_of(write_run(tmp_path / "new", new, questions=asked))
    found = compare_closed(before, replace(after, round="2025"))
    assert (found.before, found.after) == ("2024", "2025")
    assert found.remarks == (Remark("only", {"question": "clarity/goals", "round": "2024"}),)
    progress = found.questions[0]
    assert progress.remarks == (
        Remark("wording", {"before": HOW, "after": "Hur har det gått?"}),
        Remark("level_only", {"level": "some", "label": "Några", "round": "2024"}),
        Remark("level_only", {"level": "half", "label": "Hälften", "round": "2025"}),
        Remark("level_wording", {"level": "all", "before": "Alla", "after": "Samtliga"}),
    )
    by_level = {one.option.id: one for one in progress.changes}
    assert list(by_level) == ["all", "half", "none", "some"]
    most = by_level["all"]
    assert (most.before, most.after, most.only) == (0.25, 30 / 41, None)
    assert most.change == pytest.approx(30 / 41 - 0.25)
    assert most.low is not None and most.high is not None and 0.2 < most.low < most.change < most.high < 0.7
    assert most.p == most.p_holm and most.p is not None and most.p < 0.001  # the larger of two
    least = by_level["none"]
    assert least.p is not None and least.p_holm == pytest.approx(2 * least.p)
    assert (by_level["half"].only, by_level["half"].before, by_level["half"].after) == (
        "after",
        None,
        10 / 41,
    )
    assert (by_level["some"].only, by_level["some"].before, by_level["some"].change) == ("before", 0.0, None)
    areas = found.questions[1]
    assert {(one.before, one.change, one.p) for one in areas.changes} == {(None, None, None)}


def test_an_answer_of_one_round_alone_is_said_in_the_language_of_the_report(tmp_path: Path) -> None:
    levels = {"all": "Alla", "half": {"written": "Hälften", "label_en": "Half"}, "none": "Inga"}
    question = ClosedQuestion.model_validate({"kind": "single", "column": "Hur?", "levels": levels})
    rows: list[Row] = [(str(i), "all", (), "", "Syd", "Ja", ("rain",)) for i in range(9)]
    before, after = (
        SimpleNamespace(tables=tables_of(write_run(tmp_path / name, rows, questions=asked)), round=name)
        for name, asked in (("2024", QUESTIONS), ("2025", {**QUESTIONS, "progress": question}))
    )
    after.tables = replace(after.tables, round="2025")
    for lang, said in (
        ("sv", "”Hälften” gick bara att svara 2025"),
        ("en", "“Half” could be answered in 2025 only"),
    ):
        (section,) = closed_changes(before, after, lang)  # type: ignore[arg-type]
        assert any(said in block.text for block in section.blocks if isinstance(block, Note))


def test_a_question_of_another_kind_is_not_compared(tmp_path: Path) -> None:
    other = {**QUESTIONS, "areas": replace_kind(QUESTIONS["areas"])}
    rows: list[Row] = [(*row[:2], row[2][:1], *row[3:]) for row in FEW]  # type: ignore[misc]
    one = tables_of(write_run(tmp_path / "one", FEW))
    two = tables_of(write_run(tmp_path / "two", rows, questions=other))
    areas = next(q for q in compare_closed(one, two).questions if q.after.variable.name == "areas")
    assert (areas.changes, areas.remarks) == ((), (Remark("kind", {"before": "option", "after": "level"}),))


def replace_kind(question: ClosedQuestion) -> ClosedQuestion:
    return question.model_copy(update={"kind": "single"})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return classify_round(DEMO_ROUND, tmp_path_factory.mktemp("demo") / "run").out


def test_the_demo_round_from_its_file_to_its_tables(demo: Path) -> None:
    found = tables_of(demo)
    assert found.respondents == 186
    # counted in the workbook by hand: 13 of 186 are 7 percent, as in the published report of 2024
    assert distribution(found, "progress").groups[0].counts == (13, 70, 41, 18, 26, 18)
    assert [round(100 * share) for share in distribution(found, "progress").groups[0].shares if share] == [
        *(7, 38, 22, 10, 14, 10)
    ]
    areas = distribution(found, "areas").groups[0]
    assert (areas.answered, areas.missing, max(n for n in areas.counts if n)) == (164, 22, 87)
    assert len(found.crosstabs) == 6 + 2 * (1 + 6 + 3)
    with (demo / "answers.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    causes = table(found, "missed-by-Region")
    places = [option.id for option in causes.by.options]
    for option, row in zip(causes.rows.options, causes.counts, strict=True):
        assert list(row) == [
            sum(
                a["question"] == "missed"
                and a["Region"] == region
                and option.id in a["categories"].split(";")
                for a in written
            )
            for region in places
        ]


def test_reports_lines_count_an_answer_once_for_each_line(demo: Path) -> None:
    lines = table(tables_of(demo, lines="2024"), "missed-by-Region")
    scheme = table(tables_of(demo), "missed-by-Region")
    assert len(lines.rows.options) < len(scheme.rows.options)
    assert lines.base == scheme.base


def test_coding_again_without_closed_questions_leaves_none_behind(demo: Path, tmp_path: Path) -> None:
    run = shutil.copytree(demo, tmp_path / "run")
    long = "answer_id,round,question,text\n1,2024,missed,Tidsbrist\n"
    (tmp_path / "r.csv").write_text(long, encoding="utf-8")
    classify_round(tmp_path / "r.csv", run)
    assert not (run / "closed.csv").exists() and not (run / "closed.json").exists()
    assert tables_of(run).remarks == (Remark("no_closed_questions"),)


def test_an_audited_and_a_reviewed_round_keep_all_respondents(demo: Path, tmp_path: Path) -> None:
    run = shutil.copytree(demo, tmp_path / "run")
    reviewed = {"annotator": "kl", "made_at": "2025-01-01T00:00:00Z", "origin": "blind", "statements": []}
    first = answer_rows(run)[0]
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({**first, **reviewed}) + "\n", encoding="utf-8")
    assert tables_of(apply_review(run, [log])[0]).respondents == 186
    draw_audit(run, 2, seed=1)
    drawn = [json.loads(line) for line in (run / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    decided = tmp_path / "decided.jsonl"
    lines = [json.dumps({**row, **reviewed}) + "\n" for row in drawn]
    decided.write_text("".join(lines), encoding="utf-8")
    audited, _ = estimate_audit(run, decided)
    found = tables_of(audited)
    assert (found.respondents, found.audited) == (186, True)
    assert not any(one.machine for one in found.crosstabs)
    assert distribution(found, "progress") == distribution(tables_of(run), "progress")


def answer_rows(run: Path) -> list[dict[str, str]]:
    with (run / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{name: row[name] for name in ("answer_id", "round", "question", "text")} for row in rows]


def test_forgetting_a_respondent_names_the_row_of_closed_answers(demo: Path, tmp_path: Path) -> None:
    run = shutil.copytree(demo, tmp_path / "run")
    left = forget_answer("2024-001", runs=[run]).left
    assert [line for line in left if "closed" in line] == [
        f"{run / 'closed.csv'}: holds 1 of its rows; make it again from a round without this respondent, or delete it"
    ]
    assert not [line for line in forget_answer("nobody", runs=[run]).left if "closed" in line]
