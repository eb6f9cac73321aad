"""A placeholder for pre-commit's `language: python`, which installs the root of a repository: it brings the wheel.

The wheel itself is made from pkg/pypi.
"""

from setuptools import setup

setup(
    name="streamlint-hook",
    version="0",
    install_requires=["streamlint==0.1.0"],
    # Nothing of this repository is Python.
    packages=[],
    py_modules=[],
)
