"""What does one miRNA do across contrasts of several studies and species?"""
