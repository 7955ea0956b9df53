"""The table formats. Each module is one: its object `FORMAT` says how to recognise and read it, and documents it.

To add a format, write a module with a `FORMAT` and run `python docs/formats.py` and `mircargo reference .`: registry,
configuration, documentation and the tests of all formats find it. The module's docstring is its section in
`docs/formats.md`. What several formats share is in `mircargo.inputs`; no format imports another.
"""
