"""How often the calls are right where the truth is known: in simulated studies, and in pools mixed by hand."""
