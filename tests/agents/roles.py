"""People and a shot for the studios' tests."""

from agents.animatic import film

LOOK = film.Look(
    skin="#c68642",
    hair="#112233",
    hair_style="long",
    top="#334455",
    bottom="#556677",
    height=1.0,
    build="slim",
    age="adult",
    outfit="coat",
)
MARA = film.Character(name="MARA", description="A keeper", look=LOOK, lines=2)
PIP = film.Character(name="PIP", description="A boy", look=LOOK, lines=1)
SHOT = film.Shot(
    id="1.2",
    scene=1,
    number=2,
    size="close_up",
    angle="low",
    move="push_in",
    seconds=2.5,
    setting=film.Setting(place="Lighthouse", interior=True, time_of_day="night", weather="storm"),
    description="MARA listens",
    first_frame="MARA at the lamp",
    last_frame="The lamp goes out",
    characters=["MARA"],
    speaker="MARA",
    dialogue=[film.Line(character="MARA", text="Who is there?", parenthetical="tired")],
)
