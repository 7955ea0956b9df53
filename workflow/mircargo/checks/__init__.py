"""Problems of a study: designs, libraries, swaps, replicates that are none."""
