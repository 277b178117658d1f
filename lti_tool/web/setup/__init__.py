"""The pages of an LMS's administrator who plugs Klimop in."""
