"""The start of a study: a configuration and a sample sheet written for a user's own tables."""
