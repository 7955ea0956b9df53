"""How deep each library is: size factors, and what changes if the total, not the typical miRNA, stayed the same."""
