"""Real calendar programs, by hand; see README.md."""
