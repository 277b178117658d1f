"""The demo campus, seen from a small tool of its own."""
