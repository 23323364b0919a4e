"""The forms that a film may have besides a story: what comes first and last in an advertisement, the steps of a how-to."""

import re
from dataclasses import replace

from agents.animatic.film import Plan
from agents.animatic.stories.clauses import Clause, finished
from agents.animatic.stories.grammar import capital
from agents.animatic.stories.ideas import Premise

_PROBLEM = re.compile(
    r"\b(?:grey|gray|slow|tired|boring|hard|never|problem|hate|cold|broken|sick of|stress\w*|late|dirty|lonely|too|no more|without|pain\w*|"
    r"struggl\w*|messy|heavy|lost|always|can['’]t|cannot|don['’]t)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|then|next|after that|finally|lastly|now|and|step \d{1,2})[:,]?\s+(?:of all,?\s+)?",
    re.IGNORECASE,
)


def arranged(premise: Premise, plan: Plan) -> list[Clause]:
    """The clauses of the idea in the order of its form. A story, a documentary and a music video keep the idea's own."""
    clauses = [_by_name(clause, premise) for clause in premise.clauses]
    if premise.form == "advertisement":
        return _advertisement(clauses, plan)
    return _how_to(clauses) if premise.form == "how_to" else clauses


def _advertisement(clauses: list[Clause], plan: Plan) -> list[Clause]:
    """Problem, product, benefit, and the product once more as the closing card."""
    product = plan.title.split(",")[0]
    problem = next(
        (number for number, clause in enumerate(clauses[1:-1], start=1) if _is_problem(clause.text, product)), 0
    )
    if problem:
        clauses = [clauses[problem], *clauses[:problem], *clauses[problem + 1 :]]
    return [*clauses, Clause(finished(capital(product)), is_extra=True)] if len(clauses) > 1 else clauses


def _is_problem(text: str, product: str) -> bool:
    return _PROBLEM.search(text) is not None and product.split()[0].casefold() not in text.casefold()


def _how_to(clauses: list[Clause]) -> list[Clause]:
    """What is taught, then the steps by their numbers."""
    taught = [clause for clause in clauses[:1] if clause.text.casefold().startswith("how ")]
    steps = clauses[len(taught) :]
    return [
        *taught,
        *(
            replace(clause, text=f"{number}. {capital(_ORDER.sub('', clause.text))}", sentence=number)
            for number, clause in enumerate(steps, start=1)
        ),
    ]


def _by_name(clause: Clause, premise: Premise) -> Clause:
    """ "The keeper" is called Mara in a shot of her, where she is known by that name."""
    text = clause.text
    for person in premise.people:
        if person.is_named and person.head and person.phrase not in text:
            nouns = "|".join(map(re.escape, (person.noun or person.head, person.head)))
            text = person.phrase.join(re.split(rf"\b[Tt]he (?:{nouns})\b(?! [A-Z])", text))
    return replace(clause, text=text) if text != clause.text else clause
