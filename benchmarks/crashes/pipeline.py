"""The recipe of a book."""

from benchmarks.crashes.book import Order
from workflows.pipelines.base import Each, Given, Item, Output, Outputs, Pipeline, Step

BOOK = Pipeline(
    name="book",
    title="Book",
    description="Pages that are printed, proofread and bound.",
    takes=Order,
    stages=("Layout", "Pages", "Binding"),
    title_of=lambda order: f"Book {order.seed}",
    steps=(
        Step(
            "layout",
            stage="Layout",
            skill="lay_out",
            takes={"seed": Given("seed"), "pages": Given("pages")},
            seconds=0.05,
        ),
        Step(
            "print",
            stage="Pages",
            skill="print_page",
            each=Each("layout", "pages", expected=Given("pages")),
            takes={"page": Item()},
            seconds=1.0,
        ),
        Step(
            "proof",
            stage="Pages",
            skill="proofread",
            each=Each("layout", "pages", expected=Given("pages")),
            takes={"printed": Output("print")},
            seconds=0.2,
        ),
        Step("bind", stage="Binding", skill="bind", takes={"proofs": Outputs("proof")}, seconds=1.5),
    ),
)
