"""What people decided about answers: read, checked against text and scheme, and given as one kind of noun."""

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.model import Annotation, Marked, Origin, categories_of
from samorsak.annotations.reading import read_annotations

__all__ = ["Annotation", "Carrier", "Marked", "Origin", "categories_of", "read_annotations"]
