"""Meta-analysis: one miRNA across contrasts of several studies and species."""
