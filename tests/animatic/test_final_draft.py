"""Final Draft documents: read in one pass, refused in words where they are none, and written as Final Draft reads them."""

from textwrap import dedent
from xml.etree import ElementTree

import pytest

from agents.animatic.errors import UnusableText
from agents.animatic.limits import LONGEST_MARKUP
from agents.animatic.screenplays import final_draft, parse

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
SCENE = '<Paragraph Type="Scene Heading"><Text>INT. HALL - DAY</Text></Paragraph>'


def document(*paragraphs: str, ahead: str = HEAD) -> str:
    return f'{ahead}<FinalDraft DocumentType="Script"><Content>{"".join(paragraphs)}</Content></FinalDraft>'


def paragraph(kind: str, text: str) -> str:
    return f'<Paragraph Type="{kind}"><Text>{text}</Text></Paragraph>'


def refusal(script: str) -> str:
    with pytest.raises(UnusableText) as refused:
        parse(script)
    return str(refused.value)


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
        "<!DOCTYPE FinalDraft>",
    ],
    ids=["a billion laughs", "a file", "an address", "nothing else"],
)
def test_a_document_type_is_refused_with_all_its_entities(declared: str) -> None:
    assert "document type" in refusal(document(SCENE, paragraph("Action", "&c;"), ahead=HEAD + declared))


def test_an_entity_that_nobody_declared_is_no_text() -> None:
    assert refusal(document(SCENE, paragraph("Action", "&boom;"))) == (
        "This Final Draft document is broken in line 2: undefined entity. Export it again."
    )


def test_a_broken_document_is_refused_with_the_line() -> None:
    script = "\n" + document(SCENE + "\n", paragraph("Action", "Dust.") + "\n") + "<oops"
    assert "is broken in line 5" in refusal(script)


def test_other_xml_is_refused() -> None:
    assert refusal(f"{HEAD}<html><p>INT. HALL - DAY</p></html>").startswith("This is XML, but no Final Draft document.")


def test_a_document_without_a_script_is_refused() -> None:
    assert "holds no script" in refusal(document())


def test_a_document_that_is_too_long_is_refused_with_the_count() -> None:
    script = document(SCENE, " " * LONGEST_MARKUP)
    assert f"{len(script):,} characters of markup; a film takes at most {LONGEST_MARKUP:,}" in refusal(script)


def test_elements_within_each_other_without_end_are_refused() -> None:
    assert "nested too deeply" in refusal(document("<Paragraph>" * 5_000))


def test_signs_that_xml_cannot_hold_are_dropped() -> None:
    (scene,) = parse(document(SCENE, paragraph("Action", "Dust\x0b falls."))).scenes
    assert scene.elements[0].text == "Dust falls."


def test_a_line_without_a_speaker_is_told() -> None:
    screenplay = parse(document(SCENE, "\n", paragraph("Dialogue", "Who am I?")))
    assert [(note.line, note.text) for note in screenplay.notes] == [
        (3, "Nobody is named who says “Who am I?”: it is read as action.")
    ]


def test_what_is_exported_is_a_document_as_final_draft_writes_it() -> None:
    script = """\
        Title: Salt & Sea
        Author: A. Writer

        INT. HALL - DAY #12A#

        Dust <falls>.

        CLOSE ON - A CUP

        MARA (V.O.)
        (softly)
        One.

        TOM ^
        Two.

        CUT TO:
    """
    written = final_draft.write(parse(dedent(script)))
    root = ElementTree.fromstring(written)
    rows = [
        (one.get("Type"), "".join(text.text or "" for text in one.findall("Text")))
        for one in root.iterfind("./Content//Paragraph")
    ]
    assert rows == [
        ("Scene Heading", "INT. HALL - DAY"),
        ("Action", "Dust <falls>."),
        ("Shot", "CLOSE ON - A CUP"),
        (None, ""),
        ("Character", "MARA (V.O.)"),
        ("Parenthetical", "(softly)"),
        ("Dialogue", "One."),
        ("Character", "TOM"),
        ("Dialogue", "Two."),
        ("Transition", "CUT TO:"),
    ]
    assert root.find("./Content/Paragraph").get("Number") == "12A"  # type: ignore[union-attr]
    assert len(root.findall("./Content/Paragraph/DualDialogue/Paragraph")) == 5
    assert [text.text for text in root.iterfind("./TitlePage/Content/Paragraph/Text") if text.text] == [
        "Salt & Sea",
        "Written by",
        "A. Writer",
    ]


@pytest.mark.parametrize(
    ("script", "title"),
    [
        (document(SCENE).replace("</FinalDraft>", ""), ""),
        (
            document(SCENE).replace(
                "</FinalDraft>",
                "<TitlePage><HeaderAndFooter><Text>no</Text></HeaderAndFooter><Content><Paragraph><Text> </Text></Paragraph>"
                "<Paragraph><Text Style='Bold'>Salt &amp; Sea</Text></Paragraph></Content></TitlePage></FinalDraft>",
            ),
            "Salt & Sea",
        ),
    ],
    ids=["none", "below empty rows"],
)
def test_the_title_is_found_without_reading_the_document(script: str, title: str) -> None:
    assert final_draft.title_ahead(script) == title
