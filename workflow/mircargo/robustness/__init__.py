"""Whether a call survives another way of asking: samples left out, other size factors, filters and engines."""
