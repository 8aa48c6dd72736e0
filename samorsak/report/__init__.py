"""Finished results as files and text: machine tables, the workbook, ranked lists for people, pages."""
