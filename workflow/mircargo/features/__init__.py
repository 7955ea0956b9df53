"""Which miRNA is each row of a table, across miRBase releases, and what became of every row and every read?"""
