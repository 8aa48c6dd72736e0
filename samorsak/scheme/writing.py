"""Schemes and proposals as YAML that a person reads and edits."""

from __future__ import annotations

import yaml

from samorsak.scheme.model import Scheme


class _Edited(yaml.SafeDumper):
    """YAML as a person writes it: yes and no, and nothing where something is to be filled in."""

    def ignore_aliases(self, data: object) -> bool:
        """Write what stands twice twice."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list inside a mapping."""
        super().increase_indent(flow, False)


_Edited.add_representer(
    bool, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if value else "no")
)
_Edited.add_representer(
    str,
    lambda dumper, value: dumper.represent_scalar(
        "tag:yaml.org,2002:str",
        value,
        # these breaks would come back as spaces or other breaks from plain or single-quoted text, and a
        # no-break space at its end would be lost with the line's
        style='"' if value.strip() != value or any(m in value for m in "\x85\u2028\u2029") else None,
    ),
)
_Edited.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def as_yaml(value: object) -> str:
    """Write plain values as YAML, in their order.

    Examples
    --------
    >>> print(as_yaml({"accept": False, "label": None, "from": ["rain", "no"]}))
    accept: no
    label:
    from:
      - rain
      - 'no'
    <BLANKLINE>
    """
    return yaml.dump(value, Dumper=_Edited, allow_unicode=True, sort_keys=False, width=100)


def scheme_text(scheme: Scheme) -> str:
    """Write a scheme as `read_scheme` reads it; what has its default is left out, save the version."""
    fields = scheme.model_dump(by_alias=True, exclude_defaults=True)
    return as_yaml({"version": scheme.version, **fields})
