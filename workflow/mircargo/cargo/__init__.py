"""What the target does, what changes with it in the exosomes, and what else could have made that change."""
