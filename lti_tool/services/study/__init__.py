"""Published modules, and what learners do in them."""
