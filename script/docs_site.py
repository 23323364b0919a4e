"""What mkdocs.yml needs beside docs/: the documents that lie elsewhere in the repository, AsyncAPI as a page, and mermaid.

Links that lead out of docs/ are good on GitHub; here they are turned to the pages and copies that the site has of the same files.
"""

import os
import posixpath
import re
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from script.asyncapi_page import asyncapi_page

ROOT: Final = Path(__file__).resolve().parent.parent
NODE_PACKAGES: Final = Path(os.environ.get("CALLBOARD_NODE_TESTS") or ROOT / "var" / "node-tests") / "node_modules"
MERMAID: Final = "@mermaid-js/tiny/dist/mermaid.tiny.js"

# Documents outside of docs/ that are pages of the site, and their names there.
PAGES: Final = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security-policy.md",
    "clients/python/README.md": "python-client.md",
    "deploy/README.md": "deployment.md",
    "examples/composer/README.md": "example-composer.md",
    "examples/react-app/README.md": "example-react-app.md",
    "frontend/packages/client/README.md": "javascript-client.md",
    "frontend/packages/react/README.md": "react-hooks.md",
}
HOME: Final = {"README.md": "index.md"}  # the front page says the same for readers
REFERENCE: Final = "asyncapi-reference.md"
PATHS: Final = {page: path for path, page in PAGES.items()}

LINK: Final = re.compile(r"(!?\[(?:[^\]\[]|\[[^\]]*\])*\])\((?!https?:|mailto:|#|<)([^)#\s]+)(#[^)\s]*)?\)")
FENCE: Final = re.compile(r"(^ *```.*?^ *```[^\S\n]*$)", re.DOTALL | re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds what lies elsewhere."""
    for path, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / path).read_text()))
    description = (ROOT / "docs" / "asyncapi.yaml").read_text()
    files.append(File.generated(config, REFERENCE, content=asyncapi_page(description)))
    mermaid = NODE_PACKAGES / MERMAID
    if not mermaid.is_file():
        raise PluginError(f"{mermaid} is missing: run script/setup --dev.")
    files.append(File.generated(config, "javascripts/mermaid.js", abs_src_path=str(mermaid)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns links between documents into links between pages. What stands in code blocks is left alone."""
    if page.file.src_uri == REFERENCE:
        return markdown
    here = Path(PATHS.get(page.file.src_uri) or f"docs/{page.file.src_uri}").parent

    def turned(link: re.Match[str]) -> str:
        text, target, anchor = link[1], link[2], link[3] or ""
        found = _site_address(os.path.normpath(here / target), config, files)
        return f"{text}({found}{anchor})" if found else text.strip("[]") if not text.startswith("!") else link[0]

    parts = FENCE.split(markdown)
    return "".join(part if part.lstrip().startswith("```") else LINK.sub(turned, part) for part in parts)


def _site_address(path: str, config: MkDocsConfig, files: Files) -> str:
    """Where the site has this file of the repository; "" for a folder."""
    if path in PAGES or path in HOME:
        return PAGES.get(path) or HOME[path]
    if path == "docs/asyncapi.yaml":
        return REFERENCE
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if not (ROOT / path).is_file():
        return "" if (ROOT / path).is_dir() else path
    copy = posixpath.join("source", path)
    if files.get_file_from_path(copy) is None:
        files.append(File.generated(config, copy, abs_src_path=str(ROOT / path)))
    return copy
