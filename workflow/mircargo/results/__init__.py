"""Which files does a run write, with which columns, and how are they read back?"""
