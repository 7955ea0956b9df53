"""The engine scored where the truth is known: pools mixed by hand, and simulated studies."""
