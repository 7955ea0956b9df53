"""What the user's files say: count tables of every format, sample sheet, panel; from disk, archive or address."""
