"""A static site generator for documentation: Markdown in, a fast and accessible static site out."""

__version__ = "0.1.0"
