"""How large a book may be, and what is kept of it."""

LONGEST_NOVEL = 2_000_000  # characters; "War and Peace" has 3.2 million, "Moby-Dick" 1.2 million
MOST_EPISODES = 12
MOST_SCENES = 8  # of an episode
COMPRESSED_LENGTH = 120_000  # characters of passages that are kept of a book; twelve episodes use about half of it
LONGEST_PARAGRAPH = 4_000  # characters; a longer one is taken as several
MOST_CHAPTERS = 400  # with more headings than this they are none
MOST_CHARACTERS = 12  # of the plan
LONGEST_TITLE = 80
