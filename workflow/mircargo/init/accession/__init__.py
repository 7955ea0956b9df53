"""From an accession of GEO or ArrayExpress to a configuration and a sample sheet."""
