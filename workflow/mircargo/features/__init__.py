"""Which miRNA each row of a table is, across miRBase releases, and what became of every row and every read."""
