"""The command line: one thin command a step. Files are read and written here; the rooms take and give data frames."""
