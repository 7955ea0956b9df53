"""The fits of a contrast: DESeq2's model, the same with dispersions of each fraction, and limma-voom."""
