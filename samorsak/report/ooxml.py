"""The parts of a workbook file that hold no rows: what the package lists, styles and properties.

Source: ECMA-376 part 1 (SpreadsheetML, chapter 18) and part 2 (packages).
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"

_INTEGER, _SHARE, _PROBABILITY = 1, 164, 165  # 1 is built in, those from 164 are defined in the styles
_BOLD_ON_GREY = {"fontId": 1, "fillId": 2, "applyFont": 1, "applyFill": 1}
_CELL_FORMATS: dict[str, dict[str, int]] = {
    "plain": {},
    "text": {"wrap": 1},
    "quoted text": {"wrap": 1, "quotePrefix": 1},
    "header": {"wrap": 1, **_BOLD_ON_GREY},
    "quoted header": {"wrap": 1, "quotePrefix": 1, **_BOLD_ON_GREY},
    "integer": {"numFmtId": _INTEGER, "applyNumberFormat": 1},
    "share": {"numFmtId": _SHARE, "applyNumberFormat": 1},
    "probability": {"numFmtId": _PROBABILITY, "applyNumberFormat": 1},
}

STYLES = {name: number for number, name in enumerate(_CELL_FORMATS)}
"""What a cell's style is called, and the number it has in the file."""


def fixed_parts(sheets: Sequence[str], title: str) -> dict[str, str]:
    """Give every part but the sheets, by its path in the package.

    Parameters
    ----------
    sheets : sequence of str
        The sheets' names; sheet n is the part ``xl/worksheets/sheet<n>.xml``.
    title : str
        The document's title; its dates are fixed.
    """
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations(
            {
                f"{_OFFICE}/officeDocument": ["xl/workbook.xml"],
                f"{_PACKAGE}/relationships/metadata/core-properties": ["docProps/core.xml"],
            }
        ),
        "docProps/core.xml": _core(title),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            {
                f"{_OFFICE}/worksheet": [f"worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)],
                f"{_OFFICE}/styles": ["styles.xml"],
            }
        ),
        "xl/styles.xml": _styles(),
    }
    return {path: XML + xml for path, xml in parts.items()}


def _content_types(sheets: int) -> str:
    types = {
        "xl/workbook.xml": f"{_TYPES}.sheet.main+xml",
        **{f"xl/worksheets/sheet{n}.xml": f"{_TYPES}.worksheet+xml" for n in range(1, sheets + 1)},
        "xl/styles.xml": f"{_TYPES}.styles+xml",
        "docProps/core.xml": _CORE_TYPE,
    }
    listed = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _relations(targets: dict[str, list[str]]) -> str:
    pairs = [(kind, target) for kind, own in targets.items() for target in own]
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _workbook(sheets: Sequence[str]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets></workbook>"
    )


def _core(title: str) -> str:
    date = 'xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z'
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>samorsak</dc:creator>"
        f"<dcterms:created {date}</dcterms:created><dcterms:modified {date}</dcterms:modified>"
        "</cp:coreProperties>"
    )


def _styles() -> str:
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    fills = ('<patternFill patternType="none"/>', '<patternFill patternType="gray125"/>')  # both are required
    grey = '<patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/></patternFill>'
    formats = "".join(_cell_format(**settings) for settings in _CELL_FORMATS.values())
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="2">'
        f'<numFmt numFmtId="{_SHARE}" formatCode="0.0 %"/>'
        f'<numFmt numFmtId="{_PROBABILITY}" formatCode="0.000"/></numFmts>'
        f'<fonts count="2"><font>{font}<font><b/>{font}</fonts>'
        f'<fills count="3">{"".join(f"<fill>{fill}</fill>" for fill in (*fills, grey))}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_CELL_FORMATS)}">{formats}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _cell_format(wrap: int = 0, **settings: int) -> str:
    settings = {"numFmtId": 0, "fontId": 0, "fillId": 0, "borderId": 0, "xfId": 0} | settings
    written = " ".join(f'{name}="{value}"' for name, value in settings.items())
    wrapped = ' wrapText="1"' if wrap else ""
    return f'<xf {written} applyAlignment="1"><alignment vertical="top"{wrapped}/></xf>'
