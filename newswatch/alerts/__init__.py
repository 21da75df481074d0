"""What is told to people, and what is not told twice."""
