"""What is proven of some networks."""
