"""Tables of miRNA targets, one module a format; recognised by their columns, not by their names."""
