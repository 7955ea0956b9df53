"""How often are the calls right where the truth is known: in simulated studies, and in pools mixed by hand?"""
