"""How a result is drawn: a figure is one module that tabulates what is drawn, and draws it."""
