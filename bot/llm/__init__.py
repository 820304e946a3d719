"""The model, run by llama.cpp."""
