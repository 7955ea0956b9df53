"""What can be guessed from a user's tables: a configuration and a sample sheet to begin a study with."""
