"""Reading count tables, and reading and writing everything else."""
