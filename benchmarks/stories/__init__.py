"""How much of an idea its film tells: 40 ideas, measured from the words to the storyboard."""
