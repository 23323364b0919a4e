"""The words that the offline writer knows: places, times, weathers, beings, trades, colours, names. Nothing but lists."""

from agents.animatic.film import TimeOfDay, Weather


def word_set(words: str) -> frozenset[str]:
    """The words of a text: lists of words read best as prose."""
    return frozenset(words.split())


def name_list(names: str) -> tuple[str, ...]:
    """The names of a text, in order, each once."""
    return tuple(dict.fromkeys(names.split()))


def _listed(**lists: str) -> dict[str, str]:
    return {word: meaning for meaning, words in lists.items() for word in words.split()}


TIMES: dict[str, TimeOfDay] = _listed(  # type: ignore[assignment]
    dawn="dawn sunrise daybreak рассвет aube amanecer morgendämmerung sunup",
    day="day morning noon midday afternoon daytime daylight день утро jour matin tag morgen día mañana tarde mittag",
    dusk="dusk sunset evening twilight nightfall sundown вечер закат soir abend crépuscule atardecer",
    night="night midnight nighttime nights moonlight moonlit tonight ночь nuit nacht noche полночь starlight",
)
UNTIMED = word_set("later continuous same moments flashback present past time intercut")

WEATHERS: dict[str, Weather] = _listed(  # type: ignore[assignment]
    rain="rain rains raining rainy drizzle downpour дождь pluie regen lluvia umbrella monsoon",
    snow="snow snows snowing snowy snowfall blizzard winter снег neige schnee nieve arctic antarctica icy frozen",
    fog="fog foggy mist misty haze туман brouillard nebel niebla",
    storm="storm storms stormy thunder thunderstorm lightning hurricane tempest gale буря шторм orage sturm tormenta typhoon",
    cloudy="cloudy clouds overcast grey gray облака nuages wolken nubes",
)

ANIMALS: dict[str, str] = {  # and the colour of its coat
    "fox": "#c8672b", "wolf": "#7d8088", "dog": "#a9783f", "puppy": "#c79a5b", "cat": "#6b6b74", "kitten": "#d99a52",
    "bear": "#6f4a2d", "rabbit": "#cbb9a3", "hare": "#b59a78", "mouse": "#9a9aa3", "owl": "#8d6f4c", "crow": "#33343c",
    "raven": "#2c2d36", "penguin": "#3a4150", "dragon": "#3f8f5b", "horse": "#7b4b2a", "pony": "#b27a4a", "elephant": "#8f949c",
    "lion": "#cf9a3f", "tiger": "#d9822b", "whale": "#4f6f8f", "dolphin": "#6d93b3", "turtle": "#5e8a4a", "tortoise": "#7a7a45",
    "frog": "#5fa33a", "hedgehog": "#7c624a", "squirrel": "#b5622e", "octopus": "#b0546b", "goat": "#d8d2c4", "sheep": "#e6e1d6",
    "lamb": "#eee8dc", "pig": "#e3a3a8", "goose": "#e4e4de", "duck": "#d8b94a", "parrot": "#3fa35c", "monkey": "#8a5f3c",
    "gorilla": "#3f4048", "seal": "#6f7a85", "otter": "#7a5a3e", "deer": "#a8794a", "badger": "#55565c", "snail": "#b08a5b",
    "cow": "#b9a48c", "donkey": "#8b8580", "unicorn": "#efe3f2", "pigeon": "#8b93a1", "seagull": "#e9ecee", "gull": "#e9ecee",
    "spider": "#3a3340", "bee": "#d9a825", "hamster": "#d0a066", "kangaroo": "#b07b4b", "koala": "#9aa0a6", "panda": "#e8e8e6",
}  # fmt: skip
ROBOTS = word_set("robot android automaton cyborg drone droid rover bot робот roboter robô")
SPIRITS = word_set(
    """ghost spirit phantom alien fairy angel demon monster giant elf witch wizard mermaid golem genie troll devil goblin snowman vampire zombie"""
)

TRADES = word_set(
    """accountant actor actress archaeologist architect artist astronaut astronomer athlete author baker ballerina
    barber barista beekeeper biologist blacksmith bookseller botanist boxer builder bus-driver busker butcher
    captain carpenter cartographer chef clockmaker clown coach cobbler cook courier cowboy dancer dentist detective
    diver doctor driver electrician engineer explorer farmer ferryman firefighter fisherman fisherwoman florist
    gardener gravedigger guard guitarist hacker hairdresser hunter innkeeper inspector inventor janitor journalist
    judge keeper king knight lawyer librarian magician maid mapmaker mayor mechanic merchant miner monk musician
    nanny nun nurse painter pharmacist photographer pianist pilot pirate plumber poet policeman policewoman officer
    postman postwoman potter priest prince princess prisoner professor programmer queen ranger reporter sailor
    salesman scientist sculptor seamstress servant sheriff shepherd shoemaker singer soldier spy student surgeon
    surfer tailor teacher thief trader translator traveller trucker vet vicar violinist waiter waitress watchmaker
    weaver widow widower writer zookeeper mother father grandmother grandfather grandma grandpa sister brother
    daughter son twin twins aunt uncle orphan neighbour neighbor stranger villager woman man girl boy child kid
    teenager toddler baby couple friend hero warrior samurai ninja viking emperor conductor signalman stationmaster
    lifeguard apprentice chemist composer drummer granddaughter grandson niece nephew cousin juggler rival husband wife enemy partner boss bride groom patient passenger knitter
    puppeteer skater swimmer runner climber"""
)

MALE_WORDS = word_set(
    """he him his boy man father grandfather grandpa brother son uncle king prince husband widower fisherman postman
    policeman salesman ferryman waiter actor monk priest gentleman lad cowboy mr sir emperor"""
)
FEMALE_WORDS = word_set(
    """she her hers girl woman mother grandmother grandma sister daughter aunt queen princess wife widow fisherwoman
    postwoman policewoman waitress actress nun lady ballerina seamstress maid witch mermaid mrs ms miss madam"""
)
OLD_WORDS = word_set(
    """old elderly aged ancient grandmother grandfather grandma grandpa granny retired widow widower veteran wrinkled
    white-haired grey-haired gray-haired seventy eighty"""
)
CHILD_WORDS = word_set("boy girl child kid toddler baby schoolgirl schoolboy orphan puppy kitten little")
YOUNG_WORDS = word_set(
    "young teenager teenage teen student apprentice youth prince princess twenties teens granddaughter grandson niece nephew daughter son"
)

COLOURS: dict[str, str] = {
    "red": "#b3302f", "scarlet": "#c2272d", "crimson": "#9c1c31", "orange": "#d9742b", "yellow": "#e0b83a", "golden": "#d6a531",
    "gold": "#d6a531", "green": "#3f8551", "turquoise": "#2f9a9a", "teal": "#2b7f86", "blue": "#2f5fa8", "navy": "#26355f",
    "purple": "#6d4699", "violet": "#7a52a8", "pink": "#d9789a", "brown": "#75502f", "black": "#2a2b31", "white": "#e9e6df",
    "grey": "#80858c", "gray": "#80858c", "silver": "#b5bbc2", "copper": "#b0693b", "rusty": "#9c5530", "blond": "#d8b56a",
    "blonde": "#d8b56a", "ginger": "#b8602b", "olive": "#6d7136", "beige": "#cdb892", "tin": "#aab1b8", "bronze": "#94693a",
}  # fmt: skip

FEMALE_NAMES = name_list(
    """Mara Ines Leila Nora Ada Yuki Amara Sofia Rosa Ingrid Priya Zoe Clara Naomi Freya Wanda Elena Mina Tess Odette
    Anna Maria Emma Alice Lucy Sarah Kate Jane Julia Eva Lena Hannah Olga Natasha Marie Chloe Grace Ruby Lily Molly
    Mary Fatima Aisha Mei Ella Ava Mia Isla Fiona Bridget Sophie Laura Rachel Susan Helen Ruth Agnes Edith Irene
    Margaret Ellen Carmen Yasmin Hana Greta Heidi Astrid Sigrid"""
)
MALE_NAMES = name_list(
    """Jonas Tomas Kofi Mateo Ravi Emil Oskar Idris Hugo Stefan Kenji Bruno Silas Anton Marek Felix Luca Omar Piet
    Viktor Tom John James Jack Ben Sam Max Paul Peter Leo Karl Ivan Boris David Daniel Adam Henry Bob Joe Carlos Ali
    Hassan Wei Theo Noah Seamus Liam Patrick Sean Finn Oliver George William Thomas Michael Charlie Frank Harry
    Simon Eric Lars Sven Sergei Juan Pedro Pablo Diego Raj Arjun Hiro Otto Иван Пётр Олег"""
)
ROBOT_NAMES = ("Bolt", "Tik", "Orbit", "Cog", "Widget", "Seven", "Rivet", "Echo", "Nano", "Gizmo")
ANIMAL_NAMES = (
    "Bramble",
    "Pepper",
    "Juniper",
    "Socks",
    "Hazel",
    "Biscuit",
    "Willow",
    "Mossy",
    "Ash",
    "Clover",
    "Thistle",
    "Copper",
)
