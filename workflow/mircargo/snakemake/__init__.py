"""What the rules get from Snakemake, and Snakemake from mircargo: files, settings, resources, one run at a time."""
