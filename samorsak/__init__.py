"""Code open survey answers by the causes they state, and rank the causes.

The public interface is what stands in `__all__`; each name is imported when it is first used.

Examples
--------
>>> import samorsak
>>> scheme = samorsak.read_scheme("af")
>>> scheme.label("missed", "regulations")
'Regelverk och lagstiftning'
>>> samorsak.mask("Ring 070-174 06 05").text
'Ring [telefon]'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samorsak.annotations import write_queue
    from samorsak.answers import Answer, Round, write_answers
    from samorsak.coded import CodedAnswer, StatementRow
    from samorsak.encode.encoders import load_encoder
    from samorsak.errors import (
        AnnotationError,
        InputError,
        ModelError,
        SamorsakError,
        SchemeError,
        TooFewError,
    )
    from samorsak.pipeline.against import discover_changes
    from samorsak.pipeline.agreeing import measure_agreement
    from samorsak.pipeline.agreement_text import show_agreement
    from samorsak.pipeline.audit_draw import draw_audit
    from samorsak.pipeline.audit_estimate import estimate_audit
    from samorsak.pipeline.audit_plan import plan_audit
    from samorsak.pipeline.closed import closed_tables
    from samorsak.pipeline.closed_changes import compare_closed
    from samorsak.pipeline.coding import Coded, classify_round
    from samorsak.pipeline.comparing import compare_runs, show_changes
    from samorsak.pipeline.discovering import discover_clusters
    from samorsak.pipeline.evaluation import Evaluation, evaluate_scheme
    from samorsak.pipeline.evidence import Estimated, estimates_of
    from samorsak.pipeline.ranking import rank_run, show_ranking
    from samorsak.pipeline.reading import MaskedRound, open_round
    from samorsak.pipeline.report_differences import Difference
    from samorsak.pipeline.reporting import Reported, build_document, report_run
    from samorsak.pipeline.reviewed import apply_review
    from samorsak.pipeline.reviewing import Review, build_queue, review_round, show_review
    from samorsak.pipeline.training import train_model
    from samorsak.pipeline.verifying import Verified, verify_report
    from samorsak.pipeline.versions import apply_proposals
    from samorsak.privacy import mask
    from samorsak.ranking import RankedRow, Ranking, rank
    from samorsak.report.changes import Comparison
    from samorsak.report.clusters import Discovery
    from samorsak.report.files import read_coded, read_statements
    from samorsak.report.turnover import QuestionChanges
    from samorsak.scheme import Scheme, crosswalk, read_scheme
    from samorsak.tables import ClosedComparison, RoundTables
    from samorsak.widget import annotate
    from samorsak.wording import ranking_paragraph, share_phrase

__version__ = "0.1.0"

__all__ = [
    "AnnotationError",
    "Answer",
    "ClosedComparison",
    "Coded",
    "CodedAnswer",
    "Comparison",
    "Difference",
    "Discovery",
    "Estimated",
    "Evaluation",
    "InputError",
    "MaskedRound",
    "ModelError",
    "QuestionChanges",
    "RankedRow",
    "Ranking",
    "Reported",
    "Review",
    "Round",
    "RoundTables",
    "SamorsakError",
    "Scheme",
    "SchemeError",
    "StatementRow",
    "TooFewError",
    "Verified",
    "__version__",
    "annotate",
    "apply_proposals",
    "apply_review",
    "build_document",
    "build_queue",
    "classify_round",
    "closed_tables",
    "compare_closed",
    "compare_runs",
    "crosswalk",
    "discover_changes",
    "discover_clusters",
    "draw_audit",
    "estimate_audit",
    "estimates_of",
    "evaluate_scheme",
    "load_encoder",
    "mask",
    "measure_agreement",
    "open_round",
    "plan_audit",
    "rank",
    "rank_run",
    "ranking_paragraph",
    "read_coded",
    "read_scheme",
    "read_statements",
    "report_run",
    "review_round",
    "share_phrase",
    "show_agreement",
    "show_changes",
    "show_ranking",
    "show_review",
    "train_model",
    "verify_report",
    "write_answers",
    "write_queue",
]

_HOMES = {
    "annotations": ("write_queue",),
    "answers": ("Answer", "Round", "write_answers"),
    "coded": ("CodedAnswer", "StatementRow"),
    "encode.encoders": ("load_encoder",),
    "errors": ("AnnotationError", "InputError", "ModelError", "SamorsakError", "SchemeError", "TooFewError"),
    "pipeline.against": ("discover_changes",),
    "pipeline.agreeing": ("measure_agreement",),
    "pipeline.agreement_text": ("show_agreement",),
    "pipeline.audit_draw": ("draw_audit",),
    "pipeline.audit_estimate": ("estimate_audit",),
    "pipeline.audit_plan": ("plan_audit",),
    "pipeline.closed": ("closed_tables",),
    "pipeline.closed_changes": ("compare_closed",),
    "pipeline.comparing": ("compare_runs", "show_changes"),
    "pipeline.coding": ("Coded", "classify_round"),
    "pipeline.discovering": ("discover_clusters",),
    "pipeline.evaluation": ("Evaluation", "evaluate_scheme"),
    "pipeline.evidence": ("Estimated", "estimates_of"),
    "pipeline.ranking": ("rank_run", "show_ranking"),
    "pipeline.reading": ("MaskedRound", "open_round"),
    "pipeline.reporting": ("Reported", "build_document", "report_run"),
    "pipeline.reviewed": ("apply_review",),
    "pipeline.reviewing": ("Review", "build_queue", "review_round", "show_review"),
    "pipeline.training": ("train_model",),
    "pipeline.report_differences": ("Difference",),
    "pipeline.verifying": ("Verified", "verify_report"),
    "pipeline.versions": ("apply_proposals",),
    "privacy": ("mask",),
    "ranking": ("RankedRow", "Ranking", "rank"),
    "report.changes": ("Comparison",),
    "report.clusters": ("Discovery",),
    "report.files": ("read_coded", "read_statements"),
    "report.turnover": ("QuestionChanges",),
    "scheme": ("Scheme", "crosswalk", "read_scheme"),
    "tables": ("ClosedComparison", "RoundTables"),
    "widget": ("annotate",),
    "wording": ("ranking_paragraph", "share_phrase"),
}
_HOME = {name: f"samorsak.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    # PEP 562: `import samorsak` stays light, as spaCy and scikit-learn take seconds to import
    if name not in _HOME:
        raise AttributeError(f"module 'samorsak' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
