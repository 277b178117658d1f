"""The pages of this Klimop's operators."""
