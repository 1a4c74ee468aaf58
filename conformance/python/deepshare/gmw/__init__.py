"""The backend `gmw`: shared bits are multiplied with a dealer's correlated randomness."""
