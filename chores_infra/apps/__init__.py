"""The applications that ship with the package."""
