"""Whether a call holds in re-analyses: samples left out, other size factors, scales, filters and engines."""
