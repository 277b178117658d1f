"""Flask: a blueprint for each kind of visitor. A view says who, what, do, say, go."""
