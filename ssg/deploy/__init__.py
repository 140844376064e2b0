"""A built site -> a branch of a git repository that a host such as GitHub Pages serves, with versions and previews."""
