"""Which associations of a family stand out, and which cannot be told from none."""

from __future__ import annotations

from collections.abc import Mapping

from samorsak.tables.association import Association
from samorsak.tables.rows import Verdict

_ALPHA = 0.05


def verdict(family: str, found: Mapping[str, Association]) -> Verdict:
    """Sort the associations of a family.

    Parameters
    ----------
    family : str
    found : mapping of str to Association
        Of one measure, by name, each with the p of Holm's procedure over the family.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> told = Association("tau_b", 90, -0.4, -0.5, -0.2, 0.001, 0.002)
    >>> untold = Association("tau_b", 90, 0.1, -0.1, 0.3, 0.3, 0.3)
    >>> verdict("progress", {"goals": told, "roles": untold})
    Verdict(family='progress', clearest='goals', told=('goals',), untold=('roles',), undefined=())
    """
    defined = {name: one for name, one in found.items() if one.value is not None}
    by_strength = sorted(defined, key=lambda name: -abs(defined[name].value or 0.0))
    told = tuple(name for name in by_strength if (defined[name].p_holm or 1.0) < _ALPHA)
    return Verdict(
        family,
        told[0] if told else None,
        told,
        tuple(name for name in by_strength if name not in told),
        tuple(name for name in found if name not in defined),
    )
