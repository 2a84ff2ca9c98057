"""The places a construct tree can hang on besides our own Tree."""
