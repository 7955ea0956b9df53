"""Tables of the cells that take the exosomes up: counts of messenger RNA, results of a test of it, and its genes."""
