"""From small-RNA count tables to what miR-21 and its exosomal co-cargo do."""

from importlib.metadata import version

__version__ = version("mircargo")
