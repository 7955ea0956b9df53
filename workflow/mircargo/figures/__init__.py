"""How is a result drawn? A figure is one module that tabulates what is drawn, and draws it."""
