"""Studies whose truth is known: the example, and many studies to try a cluster on."""
