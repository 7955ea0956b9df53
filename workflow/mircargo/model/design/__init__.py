"""What does a contrast ask: which samples, which model matrix, which combination of coefficients, in which words?"""
