"""Who else has an order open at this moment."""
