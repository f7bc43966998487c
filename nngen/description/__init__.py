"""What a network is: the model of a spec, and the data that it names."""
