"""The rules. Every Rule in a module of this package counts; ``checks/registry.py`` finds them."""
