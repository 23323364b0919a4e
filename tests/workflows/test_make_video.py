"""`manage.py make_video`: a film in the terminal, by the real crew."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agents import registry
from tests.samples import SHORT_SCRIPT
from tests.workflows.test_crash import FILM_SECONDS
from workflows.models import Workflow


@pytest.fixture
def crew(transactional_db: None) -> None:
    """The built-in agents are known to the database."""
    registry.sync()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A screenplay of a few lines."""
    path = tmp_path / "bread.fountain"
    path.write_text(SHORT_SCRIPT)
    return path


@pytest.mark.timeout(2 * FILM_SECONDS)
def test_a_screenplay_becomes_a_film_whose_path_is_printed(
    crew: None, script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = StringIO()
    call_command("make_video", "script", str(script), stdout=printed)
    film = Path(printed.getvalue().strip())
    assert film.read_bytes()[4:8] == b"ftyp"
    workflow = Workflow.objects.get()
    assert (workflow.state, workflow.owner.username) == ("completed", "terminal")
    assert "Storyboard" in capsys.readouterr().out  # it was shown while it was made


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("idea", " "), "Idea is missing"),
        (("idea", "A cat", "--scenes", "99"), "Scenes must be at most 12"),
        (("idea", "A cat", "--owner", "nobody"), "There is no user 'nobody'"),
        (("script", "/nowhere/film.txt"), "cannot be read: No such file or directory"),
    ],
)
def test_input_that_cannot_be_made_is_refused_in_a_sentence(crew: None, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("make_video", *arguments)
    assert not Workflow.objects.exists()


def test_a_choice_of_scenes_that_do_not_exist_is_refused(crew: None, script: Path) -> None:
    with pytest.raises(CommandError, match="There is no scene 7: the script has"):
        call_command("make_video", "script", str(script), "--scenes", "7")
    assert not Workflow.objects.exists()


def test_a_file_that_is_no_screenplay_by_its_size_is_refused(crew: None, tmp_path: Path) -> None:
    large = tmp_path / "film.mp4"
    large.write_bytes(b"x" * 2_000_001)
    with pytest.raises(CommandError, match="too large to be a screenplay"):
        call_command("make_video", "script", str(large))


def test_what_the_crew_lacks_is_reported(crew: None, script: Path) -> None:
    registry.set_enabled(["video_editor"], is_enabled=False)
    with pytest.raises(CommandError, match="Video editor is switched off"):
        call_command("make_video", "script", str(script))
