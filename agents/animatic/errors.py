"""What can be wrong with a text that a person typed."""


class UnusableText(ValueError):
    """The text cannot be made into a film. The message says why and what to do, in words for the person who typed it."""


class UnfitScenes(UnusableText):
    """Other scenes of the script must be chosen: these do not exist, or are too much for one film."""
