"""What changed, and how sure is that? Design, normalisation, fit, tests, filtering and shrinkage."""
