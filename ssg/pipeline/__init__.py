"""The steps of a build, one file each, in running order: discover, parse, index, resolve, view, render.

Steps never import one another; `ssg/build.py` composes them.
"""
