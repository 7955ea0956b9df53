"""Does a call survive a re-analysis: samples left out, other size factors, scale, filters and engines?"""
