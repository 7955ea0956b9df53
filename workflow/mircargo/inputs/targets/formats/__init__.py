"""The formats of tables of targets: each module has a `FORMAT`, and imports no other format."""
