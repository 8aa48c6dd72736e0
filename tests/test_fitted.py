"""Clusters kept and fitted again, new statements set into them; inputs are tiny and constructed."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_cluster import around, once

from samorsak.cluster import assign_statements, find_clusters, keep_clusters, same_kind

# clusters sixty statements, keeps them, reads them, and prints a check sum of everything
PROGRAM = """
import hashlib, sys
from pathlib import Path
import numpy as np
from test_cluster import around, once
from samorsak.cluster import assign_statements, find_clusters, keep_clusters
from samorsak.pipeline.kept import ARRAYS, CARD, KeptQuestion, read_kept, write_kept

place = Path(sys.argv[1])
vectors = np.concatenate([around([0], 20), around([1], 22, seed=1), around([2], 18, seed=2)])
new = np.concatenate([around([0, 1, 2], 3, seed=9), around([7], 1), vectors[:2]])
found = find_clusters(vectors, once(vectors), seed=3)
kept = keep_clusters(vectors, once(vectors), found)
of = np.arange(60)
own = KeptQuestion({"sv": "?"}, kept, of, of, 60, ("a",), of * 0, of / 60, vectors, vectors)
(place / "clustered.csv").write_text("answer_id,question,start,end,text\\n" + "1,q,0,1,x\\n" * 60, encoding="utf-8")
write_kept(place, {"q": own}, {"sha256": "x"}, {"scheme": "y"})
back = read_kept(place).questions["q"].clusters
first, second = assign_statements(kept, new), assign_statements(back, new)
assert first.rebuilt and second.rebuilt
right = first.label[:9] == found.label[[0, 0, 0, 20, 20, 20, 42, 42, 42]]
assert (right | (first.label[:9] < 0)).all() and right.sum() >= 6  # one may lie farther out than all that were there
for one, other in ((found, back), (first, second)):
    assert one.label.tobytes() == other.label.tobytes()
    assert one.strength.tobytes() == other.strength.tobytes()
parts = [x.tobytes() for x in (found.label, found.strength, found.outlier, found.persistence)]
parts += [first.label.tobytes(), first.strength.tobytes()]
parts += [(place / name).read_bytes() for name in (ARRAYS, CARD)]
print(hashlib.sha256(b"".join(parts)).hexdigest())
"""


def test_one_thread_or_two_and_saved_or_not_the_bytes_are_the_same(tmp_path: Path) -> None:
    running = []
    for threads in ("1", "2"):
        (tmp_path / threads).mkdir()
        own = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
        paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(tmp_path / threads)],
                env={**os.environ, **own, "PYTHONPATH": paths},
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        )
    told = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert told[0] == told[1] != ""


def test_a_statement_goes_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)  # below fifty there is none
    vectors = around([0, 1], 12)
    kept = keep_clusters(vectors, once(vectors), find_clusters(vectors, once(vectors)))
    new = np.concatenate([around([0, 1], 2, 0.03, 5), around([5], 1), np.zeros((1, 12), np.float32)])
    found = assign_statements(kept, new)
    assert found.label.tolist() == [0, 0, 1, 1, -1, -1]
    assert (found.strength[:4] > 0).all()
    assert found.strength[4:].tolist() == [0.0, 0.0]
    assert found.rebuilt


def test_a_statement_that_was_there_goes_where_it_was() -> None:
    vectors = np.concatenate([around([0, 1], 12), around([6], 1)])
    repeats = np.r_[np.ones(24, np.int64), 40]
    found = find_clusters(vectors, repeats)
    assert len(found) == 3
    again = assign_statements(keep_clusters(vectors, repeats, found), vectors[::-1])
    assert again.label.tolist() == found.label[::-1].tolist()
    assert again.strength.tolist() == found.strength[::-1].tolist()
    assert again.rebuilt


@pytest.mark.parametrize("n", [0, 1, 4, 6])
def test_of_too_few_statements_nothing_is_fitted(n: int) -> None:
    vectors = around([0], 6)[:n]
    kept = keep_clusters(vectors, once(vectors), find_clusters(vectors, once(vectors)))
    found = assign_statements(kept, around([0], 3, seed=1))
    assert (found.label.tolist(), found.rebuilt) == ([-1] * 3, True)


@pytest.mark.parametrize("change", ["moved", "merged", "lost"])
def test_clusters_that_come_out_otherwise_are_noticed(change: str) -> None:
    vectors = around([0, 1, 2], 12)
    kept = keep_clusters(vectors, once(vectors), find_clusters(vectors, once(vectors)))
    core = kept.core.copy()
    assert sorted(set(core.tolist())) == [0, 1, 2]
    if change == "moved":
        core[0] = (core[0] + 1) % 3
    if change == "merged":
        core[core == 1] = 0
    if change == "lost":
        core[core == 2] = -1
    assert assign_statements(kept, vectors).rebuilt
    assert not assign_statements(replace(kept, core=core), vectors).rebuilt


def test_a_statement_far_from_all_of_a_cluster_is_in_none() -> None:
    vectors = np.concatenate([around([0], 20), around([1], 22, seed=1), around([2], 18, seed=2)])
    kept = keep_clusters(vectors, once(vectors), find_clusters(vectors, once(vectors), seed=3))
    found = assign_statements(kept, np.concatenate([around([1], 2, seed=9), around([7], 2)]))
    assert (found.label >= 0).tolist() == [True, True, False, False]
    assert (found.strength > 0).tolist() == [True, True, False, False]


def test_a_cluster_that_was_set_apart_is_found_by_the_nearest() -> None:
    vectors = np.concatenate([around([0], 16), around([1], 20, seed=2)])
    found = find_clusters(vectors, once(vectors))
    label = found.label.copy()
    label[16:22] = 2  # taken out of the cluster of twenty
    kept = keep_clusters(vectors, once(vectors), replace(found, label=label))
    new = vectors[[16, 17, 30]] + np.float32(1e-4)
    assert assign_statements(kept, new / np.linalg.norm(new, axis=1, keepdims=True)).label.tolist() == [
        2,
        2,
        0,
    ]


def test_only_our_own_settings_are_called() -> None:
    vectors = around([0, 1], 12)
    ours = dict(keep_clusters(vectors, once(vectors), find_clusters(vectors, once(vectors))).settings)
    assert ours["min_cluster_size"] == 5
    assert same_kind(ours)
    assert same_kind({})
    for strange in ({**ours, "memory": "elsewhere"}, {**ours, "min_samples": "3"}, {"min_samples": 3}):
        assert not same_kind(strange)
