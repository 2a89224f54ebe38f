"""What answers at each address of the console."""
