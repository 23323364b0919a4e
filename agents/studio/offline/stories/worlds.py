"""The worlds that stories play in: where one can go there, what it looks and sounds like, what stands in the way, who lives there."""

from typing import NamedTuple


class World(NamedTuple):
    """Building blocks for scenes in one kind of place."""

    places: tuple[tuple[str, bool], ...]  # name and whether it has a roof
    sights: tuple[str, ...]  # whole sentences
    obstacle: str  # a noun phrase with "the"
    thing: str  # what a story turns on where the idea names nothing
    helpers: tuple[str, ...]  # a trade, with its article


WORLDS: dict[str, World] = {
    "sea": World(
        (("Rocky shore", False), ("Harbour wall", False), ("Boathouse", True), ("Keeper's kitchen", True), ("Open water", False), ("Cliff path", False)),
        ("Waves break on black stones.", "Gulls hang in the wind.", "Salt has eaten the paint off everything.", "Far out, one light blinks and is gone.",
         "The tide pulls at the ropes.", "A bell buoy rings, slowly."),
        "the tide", "the old brass compass", ("a ferryman", "a fisherwoman", "a boat builder"),
    ),
    "space": World(
        (("Control room", True), ("Airlock", True), ("Engine bay", True), ("Crater rim", False), ("Observation deck", True), ("Dust plain", False)),
        ("Stars, very many of them, and no sound.", "A row of lamps goes from green to amber.", "Red dust drifts past the glass.", "The Earth is a blue dot above the horizon.",
         "Something hums deep in the hull.", "Footprints lead away, only one set."),
        "the silence on the radio", "the signal", ("a flight engineer", "a mission controller", "a navigator"),
    ),
    "city": World(
        (("Night bus", True), ("Rooftop", False), ("Corner shop", True), ("Underpass", False), ("Stairwell", True), ("Market square", False)),
        ("Neon swims in the puddles.", "Windows light up, one after another.", "A tram squeals round the corner.", "Laundry moves between the houses.",
         "Nobody looks up from their phones.", "Steam rises from a grating."),
        "the crowd", "the key with no lock", ("a taxi driver", "a neighbour from the third floor", "a street musician"),
    ),
    "wild": World(
        (("Forest path", False), ("River crossing", False), ("Hollow under the roots", False), ("Mountain ridge", False), ("Hunter's hut", True), ("Clearing", False)),
        ("Light falls through the leaves in coins.", "Something small runs through the ferns.", "The path forks, and forks again.", "Water talks to itself under the stones.",
         "Far off, a branch breaks.", "The wind lies down."),
        "the gorge", "the carved stone", ("a ranger", "a charcoal burner", "a wandering botanist"),
    ),
    "desert": World(
        (("Dune crest", False), ("Dry well", False), ("Caravan tent", True), ("Rock arch", False), ("Oasis", False), ("Buried gate", False)),
        ("Heat bends the horizon.", "The wind has wiped out every footprint.", "A lizard holds perfectly still.", "Sand runs down the slope like water."),
        "the sandstorm", "the water map", ("a camel driver", "a well digger", "a stargazer"),
    ),
    "school": World(
        (("Empty classroom", True), ("Schoolyard", False), ("Library stacks", True), ("Gym", True), ("Corridor with lockers", True), ("School gate", False)),
        ("Chalk dust stands in the light.", "A bell rings, and two hundred chairs scrape.", "Somebody has drawn a rocket on the desk.", "Rain runs down the high windows."),
        "the rule that says no", "the notebook", ("a caretaker", "a new teacher", "a boy from the back row"),
    ),
    "village": World(
        (("Village green", False), ("Barn", True), ("Church hill", False), ("Old mill", True), ("Orchard", False), ("Lane between hedges", False)),
        ("A dog sleeps in the middle of the road.", "Apples lie in the grass.", "Smoke goes straight up from every chimney.", "The church clock is four minutes slow.",
         "Swallows sit on the wire."),
        "the talk of the village", "the rusted bell", ("a beekeeper", "a postwoman", "an innkeeper"),
    ),
    "rails": World(
        (("Station hall", True), ("Platform", False), ("Dining car", True), ("Sleeping compartment", True), ("Signal box", True), ("Railway bridge", False)),
        ("The big clock jumps a minute.", "Wet rails shine and run away into the dark.", "A loudspeaker says something nobody understands.", "Fields slide past the window."),
        "the timetable", "the suitcase", ("a conductor", "a signalman", "a woman with too much luggage"),
    ),
    "hospital": World(
        (("Ward at the end of the corridor", True), ("Nurses' station", True), ("Hospital roof", False), ("Waiting room", True), ("Hospital garden", False), ("Lift", True)),
        ("A monitor counts heartbeats in green.", "The corridor smells of soap.", "Somebody's flowers have lost their petals.", "A trolley goes by on one bad wheel."),
        "the visiting hours", "the get-well card", ("a night nurse", "a patient from the next bed", "a porter"),
    ),
    "kitchen": World(
        (("Back kitchen", True), ("Dining room", True), ("Market hall", True), ("Cellar stairs", True), ("Street outside the shop", False), ("Pantry", True)),
        ("Flour hangs in the air.", "Something good is in the oven.", "Copper pans catch the light.", "The first customers press their noses to the glass."),
        "the empty till", "the recipe book", ("a dishwasher", "a greengrocer", "a hard-to-please customer"),
    ),
    "workshop": World(
        (("Workbench", True), ("Store room", True), ("Yard behind the workshop", False), ("Attic full of parts", True), ("Street of craftsmen", False), ("Testing ground", False)),
        ("Springs and screws cover every surface.", "A single lamp burns over the bench.", "Forty clocks tick, none of them together.", "A kettle boils between two machines."),
        "the part that does not fit", "the blueprint", ("an apprentice", "a scrap dealer", "a watchmaker"),
    ),
    "castle": World(
        (("Great hall", True), ("Battlements", False), ("Tower stairs", True), ("Castle garden", False), ("Gatehouse", True), ("Old crypt", True)),
        ("Torches lean in the draught.", "Banners stir, though no window is open.", "Ravens walk along the wall.", "Somewhere below, a gate falls shut."),
        "the locked gate", "the broken crown", ("a stable hand", "a court cook", "a weary knight"),
    ),
    "stage": World(
        (("Backstage", True), ("Dressing room", True), ("Empty auditorium", True), ("Stage door", False), ("Rehearsal room", True), ("Fly loft", True)),
        ("Dust turns in the one spotlight.", "A hundred empty seats look on.", "Costumes hang like people holding their breath.", "Somewhere a piano is being tuned."),
        "the fear of the first note", "the torn poster", ("a stagehand", "a lighting technician", "an usher"),
    ),
    "home": World(
        (("Kitchen table", True), ("Attic", True), ("Back garden", False), ("Hallway", True), ("Street outside the house", False), ("Bedroom", True)),
        ("A tap drips.", "Photographs stand along the shelf, all of them crooked.", "The stairs creak, the way they always did.", "Light from the street draws a window on the wall."),
        "the closed door", "the box from the attic", ("a neighbour", "a cousin", "a lodger"),
    ),
    "road": World(
        (("Motorway services", True), ("Car, front seats", True), ("Lay-by", False), ("Petrol station", False), ("Country road", False), ("Motel room", True)),
        ("White lines run under the bonnet.", "A lorry roars past and rocks the mirror.", "Fields, poles, fields, poles.", "The radio finds half a song."),
        "the empty tank", "the road map", ("a hitch-hiker", "a mechanic", "a lorry driver"),
    ),
}  # fmt: skip
