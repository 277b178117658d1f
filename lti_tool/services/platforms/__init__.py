"""Learning platforms: plugging them in, reaching them, and looking after them."""
