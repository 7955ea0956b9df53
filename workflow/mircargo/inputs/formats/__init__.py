"""The table formats, one module each: how a table is recognised, and how it is read."""
