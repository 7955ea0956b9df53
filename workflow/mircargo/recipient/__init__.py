"""What the cargo does in the cells that take it up, and what to measure next."""
