"""The worlds that stories play in: where one can go there, what it looks and sounds like, what stands in the way, who lives there."""

from typing import NamedTuple


class World(NamedTuple):
    """Building blocks for scenes in one kind of place."""

    places: tuple[tuple[str, bool], ...]  # name and whether it has a roof
    indoors: tuple[str, ...]  # what one sees and hears there, in whole sentences
    outdoors: tuple[str, ...]
    obstacle: str  # a noun phrase with "the"
    thing: str  # what a story turns on where the idea names nothing
    helpers: tuple[str, ...]  # a trade, with its article


WORLDS: dict[str, World] = {
    "sea": World(
        (("Rocky shore", False), ("Harbour wall", False), ("Boathouse", True), ("Keeper's kitchen", True), ("Open water", False), ("Cliff path", False)),
        ("The windows are blind with salt.", "A brass lamp sways, though nobody has touched it.", "Wet boots stand by the door."),
        ("Waves break on black stones.", "Gulls hang in the wind.", "Far out, one light blinks and is gone.", "A bell buoy rings, slowly."),
        "the tide", "the old brass compass", ("a ferryman", "a fisherwoman", "a boat builder"),
    ),
    "space": World(
        (("Control room", True), ("Airlock", True), ("Engine bay", True), ("Crater rim", False), ("Observation deck", True), ("Dust plain", False)),
        ("A row of lamps goes from green to amber.", "Something hums deep in the hull.", "Beyond the glass the Earth is a blue dot."),
        ("Stars, very many of them, and no sound.", "Red dust drifts over the plain.", "Footprints lead away, only one set."),
        "the silence on the radio", "the old radio", ("a flight engineer", "a mission controller", "a navigator"),
    ),
    "city": World(
        (("Night bus", True), ("Rooftop", False), ("Corner shop", True), ("Underpass", False), ("Stairwell", True), ("Market square", False)),
        ("Light from a neon sign comes and goes on the ceiling.", "A lift goes up and down behind the wall, empty.", "Somebody upstairs is playing the same song again."),
        ("Neon swims in the puddles.", "Windows light up, one after another.", "A tram squeals round the corner.", "Steam rises from a grating."),
        "the crowd", "the key with no lock", ("a taxi driver", "a neighbour from the third floor", "a street musician"),
    ),
    "wild": World(
        (("Forest path", False), ("River crossing", False), ("Hollow under the roots", False), ("Mountain ridge", False), ("Hunter's hut", True), ("Clearing", False)),
        ("Moss grows through the cracks.", "Roots have come through the ceiling.", "A single candle leans in the draught."),
        ("Light falls through the leaves in coins.", "Something small runs through the ferns.", "Water talks to itself under the stones.", "Far off, a branch breaks."),
        "the gorge", "the carved stone", ("a ranger", "a charcoal burner", "a wandering botanist"),
    ),
    "desert": World(
        (("Dune crest", False), ("Dry well", False), ("Caravan tent", True), ("Rock arch", False), ("Oasis", False), ("Buried gate", False)),
        ("Sand has come in under every door.", "A lizard holds perfectly still on the wall.", "It is cool here, and very quiet."),
        ("Heat bends the horizon.", "The wind has wiped out every footprint.", "Sand runs down the slope like water."),
        "the sandstorm", "the water map", ("a camel driver", "a well digger", "a stargazer"),
    ),
    "school": World(
        (("Empty classroom", True), ("Schoolyard", False), ("Library stacks", True), ("Gym", True), ("Corridor with lockers", True), ("School gate", False)),
        ("Chalk dust stands in the light.", "Somebody has drawn a rocket on the desk.", "A bell rings, and two hundred chairs scrape."),
        ("A single ball rolls across the yard.", "Behind the windows, rows of heads.", "Bicycles lean against the fence."),
        "the rule that says no", "the notebook", ("a caretaker", "a new teacher", "a boy from the back row"),
    ),
    "village": World(
        (("Village green", False), ("Barn", True), ("Church hill", False), ("Old mill", True), ("Orchard", False), ("Lane between hedges", False)),
        ("Apples are laid out on every shelf.", "A cat sleeps on the only good chair.", "The stove ticks as it cools."),
        ("A dog sleeps in the middle of the road.", "Smoke goes straight up from every chimney.", "The church clock is four minutes slow.", "Swallows sit on the wire."),
        "the talk of the village", "the rusted bell", ("a beekeeper", "a postwoman", "an innkeeper"),
    ),
    "rails": World(
        (("Station hall", True), ("Platform", False), ("Dining car", True), ("Sleeping compartment", True), ("Signal box", True), ("Railway bridge", False)),
        ("The big clock jumps a minute.", "A loudspeaker says something nobody understands.", "Suitcases tremble in the luggage rack."),
        ("Wet rails shine and run away into the distance.", "A signal changes from red to green.", "Wind chases a newspaper along the track."),
        "the timetable", "the suitcase", ("a conductor", "a signalman", "a woman with too much luggage"),
    ),
    "hospital": World(
        (("Ward at the end of the corridor", True), ("Nurses' station", True), ("Hospital roof", False), ("Waiting room", True), ("Hospital garden", False), ("Lift", True)),
        ("A monitor counts heartbeats in green.", "A trolley goes by on one bad wheel.", "Somebody's flowers have lost their petals."),
        ("Somebody in slippers smokes behind the hedge.", "Every window has a light in it.", "An ambulance stands with its doors open."),
        "the visiting hours", "the get-well card", ("a night nurse", "a patient from the next bed", "a porter"),
    ),
    "kitchen": World(
        (("Back kitchen", True), ("Dining room", True), ("Market hall", True), ("Cellar stairs", True), ("Street outside the shop", False), ("Pantry", True)),
        ("Flour hangs in the air.", "Copper pans catch the light.", "Something good is in the oven."),
        ("People press their noses to the glass.", "Crates of lemons stand on the pavement.", "A delivery bicycle falls over by itself."),
        "the empty till", "the recipe book", ("a dishwasher", "a greengrocer", "a hard-to-please customer"),
    ),
    "workshop": World(
        (("Workbench", True), ("Store room", True), ("Yard behind the workshop", False), ("Attic full of parts", True), ("Street of craftsmen", False), ("Testing ground", False)),
        ("Springs and screws cover every surface.", "A single lamp burns over the bench.", "Forty clocks tick, none of them together."),
        ("Scrap metal shines like treasure.", "A weathercock turns and turns.", "Sparks fly behind a dirty window."),
        "the part that does not fit", "the blueprint", ("an apprentice", "a scrap dealer", "a watchmaker"),
    ),
    "castle": World(
        (("Great hall", True), ("Battlements", False), ("Tower stairs", True), ("Castle garden", False), ("Gatehouse", True), ("Old crypt", True)),
        ("Torches lean in the draught.", "Banners stir, though no window is open.", "Somewhere below, a gate falls shut."),
        ("Ravens walk along the wall.", "Banners crack in the wind.", "Grass grows between the cannons."),
        "the locked gate", "the broken crown", ("a stable hand", "a court cook", "a weary knight"),
    ),
    "stage": World(
        (("Backstage", True), ("Dressing room", True), ("Empty auditorium", True), ("Stage door", False), ("Rehearsal room", True), ("Fly loft", True)),
        ("Dust turns in the one spotlight.", "A hundred empty seats look on.", "Costumes hang like people holding their breath."),
        ("A torn poster flaps on the wall.", "Lamps go on over the entrance, one by one.", "A queue winds round the corner."),
        "the fear of the first note", "the torn poster", ("a stagehand", "a lighting technician", "an usher"),
    ),
    "home": World(
        (("Kitchen table", True), ("Attic", True), ("Back garden", False), ("Hallway", True), ("Street outside the house", False), ("Bedroom", True)),
        ("A tap drips.", "Photographs stand along the shelf, all of them crooked.", "The stairs creak, the way they always did."),
        ("A swing moves by itself.", "Light falls from one window on to the grass.", "Somebody has left the gate open."),
        "the closed door", "the box from the attic", ("a neighbour", "a cousin", "a lodger"),
    ),
    "road": World(
        (("Motorway services", True), ("Car, front seats", True), ("Lay-by", False), ("Petrol station", False), ("Country road", False), ("Motel room", True)),
        ("The radio finds half a song.", "A fan turns without moving the air.", "Two empty cups roll about on the floor."),
        ("A lorry roars past.", "Fields, poles, fields, poles.", "White lines run away to the horizon."),
        "the empty tank", "the road map", ("a hitch-hiker", "a mechanic", "a lorry driver"),
    ),
}  # fmt: skip

WEATHER_INDOORS = {
    "rain": "Rain runs down the glass.", "snow": "Snow has shut the window with white.", "fog": "Behind the window there is nothing but grey.",
    "storm": "The storm shakes the shutters.", "cloudy": "Grey light, no shadows.",
}  # fmt: skip
WEATHER_OUTDOORS = {
    "rain": "Rain falls in long grey threads.", "snow": "Snow falls and swallows every sound.", "fog": "Fog. Things have edges only when one touches them.",
    "storm": "The storm tears at everything that is not tied down.", "cloudy": "Low clouds hurry over the land.",
}  # fmt: skip
