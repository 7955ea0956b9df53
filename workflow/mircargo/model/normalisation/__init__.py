"""How deep is each library: size factors, and what changes if the total, not the typical miRNA, stayed the same?"""
