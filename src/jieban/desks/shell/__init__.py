"""What all desks share: who is signed in, the page around a desk, its words and moments."""
