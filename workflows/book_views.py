"""Books over HTTP: a file comes in, its text goes out. Nothing is kept."""

import msgspec
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents.animatic.novels.records import Book
from agents.contract import UnusableInput
from agents.openapi import responses
from agents.studio.books import book_of
from workflows.errors import InvalidInput


@extend_schema(
    operation_id="books_read",
    request={"application/octet-stream": OpenApiTypes.BINARY},
    responses=responses(Book, 400, 401, 413, 500),
)
@api_view(["POST"])
def book_text(request: Request) -> Response:
    """The text of a book, from a file as the body (.txt, .md or .epub), for the input of novel2video. Nothing is kept."""
    content: bytes = request.body  # as it is, whatever type it says it has
    if not content:
        raise InvalidInput("The file is empty.", fields={"book": "The file is empty."})
    try:
        book = book_of(content)
    except UnusableInput as error:
        raise InvalidInput(error.message, fields={"book": error.message}) from error
    return Response(msgspec.to_builtins(book))
