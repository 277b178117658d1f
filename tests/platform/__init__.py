"""Learning platforms to launch from."""
