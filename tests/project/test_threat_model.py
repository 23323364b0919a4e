"""docs/security.md names tests; they must exist."""

import re

from tests.server import ROOT


def test_every_threat_is_held_off_by_tests_that_exist() -> None:
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text())
    }
    rows = re.findall(r"^\| [^*|].* \| .* \| (.*) \|$", (ROOT / "docs" / "security.md").read_text(), re.MULTILINE)
    named = [re.findall(r"`(test_\w+)`", tests) for tests in rows[1:]]
    assert len(named) > 20
    assert [row for row in rows[1:] if not re.search(r"`test_\w+`", row)] == []
    assert {name for names in named for name in names} - written == set()
