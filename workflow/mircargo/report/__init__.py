"""What the reader sees: the report of a study as one page that needs no network."""
