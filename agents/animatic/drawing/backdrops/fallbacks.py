"""Words for places that have no backdrop of their own: they get one of a few, always the same for the same name."""

from agents.animatic.drawing.backdrops.record import Fallback, listed_by_world

ANY_ROOM = Fallback(
    among=("living", "office", "workshop", "corridor"),
    interior=True,
    worlds=listed_by_world(
        {
            "sea": "boathouse",
            "space": "spacestation",
            "city": "lift, nightclub, fire station",
            "wild": "treehouse",
            "school": "gym",
            "village": "farmhouse, windmill",
            "rails": "underground",
            "kitchen": "pizzeria, teahouse, patisserie, кафе, panadería",
            "workshop": "clockmaker's",
            "castle": "tower, fortress, замок, schloss, burg, château, castillo",
            "home": (
                "bathroom, mansion, дом, комната, haus, zimmer, wohnung, maison, casa, habitación, "
                "квартира, wohnzimmer, salon"
            ),
        }
    ),
)
ANY_LANDSCAPE = Fallback(
    among=("street", "field", "forest", "river"),
    interior=False,
    worlds=listed_by_world(
        {
            "sea": "reef, fjord, mar, mer, playa, plage, strand, пляж, берег, остров, île, isla, insel",
            "space": "venus, jupiter, saturn, космос, weltraum, espace, espacio, луна, mond, lune, luna",
            "city": "suburb, crossroads, motorway, ville, ciudad, крыша, площадь",
            "wild": (
                "arctic, antarctica, wilderness, tundra, selva, горы, гора, berg, montagne, montaña, река, "
                "fluss, río, rivière"
            ),
            "desert": "sahara",
            "village": "well, backyard, garten, jardin, jardín, сад, поле",
            "stage": "funfair, pitch",
            "road": "car, truck, van, bus, caravan, motorhome, lorry, taxi",
            "rails": "вокзал, bahnhof, gare, estación",
        }
    ),
)
