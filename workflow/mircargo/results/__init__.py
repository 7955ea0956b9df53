"""Which files a run writes, with which columns, and how they are read back."""
