"""Makes an animatic: a film of drawn storyboard frames. Plain Python that knows neither Django nor anything else of ours.

    film.py        the types: Plan, Screenplay, Cast, Shot ...
    stories/       an idea becomes a story, scene by scene
    screenplays/   text of any form becomes a Screenplay, and back
    characters/    who is in a screenplay, and how they look
    storyboards/   a scene becomes shots
    drawing/       a shot becomes a picture
    vocabulary/    the words that all of them know

Everything is a pure function of its input: the same words give the same film on every machine.
"""
