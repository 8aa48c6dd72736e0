"""A report before it is a page, a text document or a workbook: sections of paragraphs, tables and charts."""

from samorsak.report.document.parts import (
    Bars,
    Block,
    Bullets,
    Cell,
    Document,
    Note,
    Paragraph,
    Picture,
    Section,
    Slope,
    Stacked,
    Table,
    Verbatim,
    Verbatims,
)

__all__ = [
    "Bars",
    "Block",
    "Bullets",
    "Cell",
    "Document",
    "Note",
    "Paragraph",
    "Picture",
    "Section",
    "Slope",
    "Stacked",
    "Table",
    "Verbatim",
    "Verbatims",
]
