"""What the core needs of its neighbours, one file each."""
