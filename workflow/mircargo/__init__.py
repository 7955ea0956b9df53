"""What miR-21 and its exosomal co-cargo do, from small-RNA count tables."""


def __getattr__(name: str) -> str:
    # Reading it takes as long as the rest of a command's start, so it is read where it is asked for.
    if name == "__version__":
        from importlib.metadata import version

        return version("mircargo")
    raise AttributeError(f"module 'mircargo' has no attribute '{name}'")
