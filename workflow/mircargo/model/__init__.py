"""What changed, and how sure that is: design, normalisation, fit, tests, filtering and shrinkage."""
