"""Whether a call survives a re-analysis: samples left out, other size factors, scale, filters and engines."""
