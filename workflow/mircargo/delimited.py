"""Lines of a delimited text, and their cells."""

import csv


def lines_of(text: str) -> list[str]:
    """Take a text apart into lines, whatever system wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def delimiter_of(head: str, first: str) -> str:
    """Find what separates the cells, from the header and the row below it."""
    if "\t" in head or ("\t" in first and not set(",;") & set(head)):
        return "\t"
    delimiter = max(",;", key=lambda each: (head.count(each) > 0, first.count(each) > 0, head.count(each)))
    if head.count(delimiter) == 0 and first.count(delimiter) == 0 and " " in first.strip():
        return " "
    return delimiter


def cells_of(line: str, delimiter: str) -> list[str]:
    """Take a line apart; a cell in quotation marks may hold the delimiter."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return line.split(delimiter)
