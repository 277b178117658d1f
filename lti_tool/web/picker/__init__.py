"""The pages on which a teacher chooses what her course's links open."""
