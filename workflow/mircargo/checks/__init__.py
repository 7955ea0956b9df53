"""Libraries, and what a study should make one wary of: depth, composition, swaps, replicates that are none."""
