"""What is wrong with a study, or makes one wary of it: tables, designs, depth, swapped samples, false replicates."""
