"""What one miRNA does across contrasts of several studies and species."""
