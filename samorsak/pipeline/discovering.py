"""What the statements of a coded round hold beside and before the scheme: from a run folder to clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from samorsak.coded import CodedAnswer, StatementRow
from samorsak.errors import InputError
from samorsak.pipeline.annotated import read_lessons
from samorsak.pipeline.clustering import cluster_question
from samorsak.pipeline.encoding import open_encoder
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.kept import KeptQuestion, coded_by, write_kept
from samorsak.pipeline.mapped import known_of, unmasked_text
from samorsak.pipeline.proposing import PROPOSALS, proposals_file
from samorsak.report.clusters import Discovery, write_discovery
from samorsak.report.delimited import write_text
from samorsak.report.files import STATEMENTS, read_coded, read_statements
from samorsak.report.map import MAP, write_map
from samorsak.report.map_picture import PICTURE, write_map_picture
from samorsak.scheme import NO_CAUSE, SCHEMES, LexiconEntry, Scheme, read_lexicon, read_scheme
from samorsak.wording import Lang


def discover_clusters(
    folder: str | Path,
    out: str | Path,
    *,
    question: str | None = None,
    encoder: str | Path = "sv-static",
    prefix: str = "",
    allow_network: bool = False,
    lexicon: Sequence[str | Path] | None = None,
    annotations: Sequence[str | Path] = (),
    seed: int = 0,
    lang: Lang = "sv",
) -> tuple[Discovery, ...]:
    """Cluster the statements of a coded round, and set the clusters against its scheme.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it. Statements called no cause take part, too.
    out : str or Path
        Folder for clusters.csv, clustered.csv, evidence.csv, categories.csv, proposals.yaml, map.html,
        a picture for each question, and what `samorsak.discover_changes` reads.
    question : str, optional
        Only this question.
    encoder, prefix, allow_network
        As for `samorsak.load_encoder`.
    lexicon : sequence of str or Path, optional
        How people state the categories; that of the scheme in the package if it is the round's own.
    annotations : sequence of str or Path
        What people annotated by the round's scheme, as for `samorsak.train_model`.
    seed : int
        Of the reduction. The same input, seed and versions give the same bytes.
    lang : {"sv", "en"}
        Of the categories' names and the map.

    Returns
    -------
    tuple of Discovery
        For each question of the round, in the scheme's order; rounds that share a folder are taken together.

    Raises
    ------
    InputError
        The folder cannot be read, there is no such question, or the extra is not installed.
    SchemeError
        Scheme or lexicon is damaged.
    AnnotationError
        Annotations are not by the round's scheme, or of an audit.
    ModelError
        There is no such encoder.
    """
    folder, out = Path(folder), Path(out)
    coded, scheme = read_coded(folder), read_run_scheme(folder)
    if question is not None and question not in scheme.questions:
        raise InputError(f"question is {question!r}, the scheme has: {', '.join(scheme.questions)}")
    answers = {answer.answer_id: answer for answer in coded}
    rows = _by_question(folder / STATEMENTS, answers, scheme)
    entries = own_lexicon(scheme, lexicon)
    lessons = read_lessons([Path(path) for path in annotations], scheme)
    opened = open_encoder(encoder, prefix=prefix, allow_network=allow_network)
    found: dict[str, tuple[Discovery, KeptQuestion]] = {}
    with threadpool_limits(1):  # with more, sums are taken in another order and the last bits differ
        for name in scheme.questions:
            if question == name or (question is None and name in rows):
                own = rows.get(name, [])
                texts = [unmasked_text(row, answers[row.answer_id]) for row in own]
                ids = [answer.answer_id for answer in coded if answer.question == name]
                known = known_of(name, scheme, entries, lessons)
                found[name] = cluster_question(
                    own, texts, ids, name, scheme, known, opened.encoder, seed, lang
                )
    discovered = tuple(discovery for discovery, _ in found.values())
    _write(out, discovered, scheme, lang)
    kept = {name: own for name, (_, own) in found.items()}
    write_kept(out, kept, opened.about, coded_by(folder, scheme))
    return discovered


def _write(out: Path, found: Sequence[Discovery], scheme: Scheme, lang: Lang) -> None:
    """Write what people read: tables, proposals, map and pictures."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: no folder can be made here ({error.strerror}); choose another") from None
    write_discovery(out, found)
    write_text(out / PROPOSALS, proposals_file(found, scheme))
    write_map(out / MAP, found, lang)
    for one in found:
        write_map_picture(out / PICTURE.format(one.question), one, lang)


def _by_question(
    path: Path, answers: Mapping[str, CodedAnswer], scheme: Scheme
) -> dict[str, list[StatementRow]]:
    rows: dict[str, list[StatementRow]] = {answer.question: [] for answer in answers.values()}
    for row in read_statements(path):
        answer = answers.get(row.answer_id)
        if answer is None:
            raise InputError(f"{path}: answer_id {row.answer_id!r} is not among the answers beside it")
        if row.category not in (*scheme.outcomes(answer.question), NO_CAUSE):
            raise InputError(f"{path}: category {row.category!r} is not one of question {answer.question!r}")
        rows[answer.question].append(row)
    return rows


def own_lexicon(scheme: Scheme, paths: Sequence[str | Path] | None = None) -> list[LexiconEntry]:
    """Read a lexicon; where none is named, that of the scheme in the package that means the same."""
    if paths is None:
        folders = sorted(path.parent for path in SCHEMES.glob("*/scheme.yaml"))
        paths = [f / "lexicon" for f in folders if read_scheme(f).fingerprint() == scheme.fingerprint()]
    return [entry for path in paths for entry in read_lexicon(path, scheme)]
