"""What can be wrong with a text that a person typed."""


class UnusableText(ValueError):
    """The text cannot be made into a film. The message says why and what to do, in words for the person who typed it."""
