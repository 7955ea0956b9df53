"""What a contrast asks: which samples, which model matrix, which combination of coefficients, in which words."""
