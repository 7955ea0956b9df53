"""What can be typed: the commands that people call, and `mircargo step`, which the rules call."""
