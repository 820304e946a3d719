"""How a change is read from this machine: files, standard input and local git repositories."""
