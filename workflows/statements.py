"""The statements that every task needs, as SQL that is put together once.

Django takes several times longer to compile such a statement than a database to run it. Values are converted by the
fields, so what is written is what the model would have written; no model signals are sent. Names come from the models
and values go in as parameters: nothing that a person wrote becomes SQL.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model
from django.db.models.expressions import Combinable
from django.db.models.sql import Query

ROWS_AT_ONCE = 100

Row = tuple[Any, ...]
SqlValue: TypeAlias = str | int | float | bool | None  # and what else the driver takes
Names = tuple[str, ...]
AnyField: TypeAlias = "Field[Any, Any]"
AnyModel = TypeVar("AnyModel", bound=Model)


def update(model: type[Model], where: dict[str, Any], columns: dict[str, Any]) -> int:
    """Sets the columns of the rows that have all values of `where`. Returns how many there were."""
    values = [prepared(model, name, value) for name, value in (*columns.items(), *where.items())]
    with _cursor() as cursor:
        cursor.execute(_update_sql(model, tuple(columns), tuple(where)), values)
        return int(cursor.rowcount)


def insert(rows: Sequence[Model]) -> None:
    """Adds rows of one model, at most ROWS_AT_ONCE. Their primary keys stay unknown."""
    model = type(rows[0])
    values = [prepared(model, name, getattr(row, name)) for row in rows for name in _inserted_columns(model)]
    with _cursor() as cursor:
        cursor.execute(_insert_sql(model, len(rows)), values)


def insert_one(row: Model) -> Any:  # noqa: ANN401 - whatever the model has for a primary key
    """Adds a row, whose values may be expressions for the database. Returns its primary key."""
    model = type(row)
    places: list[str] = []
    values: list[Any] = []
    for name in _inserted_columns(model):
        value = getattr(row, name)
        if isinstance(value, Combinable):
            place, given = _compiled(model, value)
        else:
            place, given = "%s", (prepared(model, name, value),)
        places.append(place)
        values += given
    names = ", ".join(_column(model, name) for name in _inserted_columns(model))
    sql = f"INSERT INTO {_table(model)} ({names}) VALUES ({', '.join(places)}) RETURNING {_column(model, 'pk')}"
    return select(sql, values)[0][0]


def _compiled(model: type[Model], expression: Any) -> tuple[str, Sequence[Any]]:  # noqa: ANN401 - of many types
    query = Query(model)
    sql, values = query.get_compiler(connection=connection).compile(expression.resolve_expression(query))
    return sql, values


def locked(model: type[AnyModel], pk: object, columns: Names) -> AnyModel | None:
    """The row with this primary key, with these columns alone, locked until the end of the transaction; None if there is none."""
    rows = select(_locked_sql(connection.vendor, model, columns), [prepared(model, "pk", pk)])
    return model.from_db(connection.alias, columns, _converted(model, columns, rows[0])) if rows else None


def rows(
    model: type[Model], columns: Names, where: dict[str, Any], among: str, values: Sequence[Any]
) -> list[list[Any]]:
    """These columns of the rows that have all values of `where`, and one of `values` in the column `among`."""
    sql = _rows_sql(model, columns, tuple(where), among, len(values))
    given = [prepared(model, name, value) for name, value in where.items()]
    found = select(sql, [*given, *(prepared(model, among, value) for value in values)])
    return [_converted(model, columns, row) for row in found]


def columns(model: type[Model], but: Collection[str]) -> Names:
    """The names of the columns of a model, but these."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.name not in but)


def select(sql: str, values: Sequence[Any]) -> list[Row]:
    """The rows of a query, as the driver gives them."""
    with _cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _cursor() -> CursorWrapper:
    """A cursor. In PostgreSQL it binds values in the server, so that the plan of a statement that comes again is kept.

    Django binds them in the client, as its own statements may have more values than the server takes.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)  # the stubs know wrapped ones only
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


def prepared(model: type[Model], name: str, value: object) -> SqlValue:
    """The value as the database takes it for this column."""
    return cast(SqlValue, _field(model, name).get_db_prep_save(value, connection))


def _converted(model: type[Model], columns: Names, row: Row) -> list[Any]:
    values = []
    for name, value in zip(columns, row, strict=True):
        for convert, column in _converters(connection.vendor, model, name):
            value = convert(value, column, connection)
        values.append(value)
    return values


@cache
def _converters(_vendor: str, model: type[Model], name: str) -> list[tuple[Any, Any]]:
    column = _field(model, name).get_col(model._meta.db_table)
    return [
        (convert, column) for convert in connection.ops.get_db_converters(column) + column.get_db_converters(connection)
    ]


@cache
def _field(model: type[Model], name: str) -> AnyField:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fields |= {field.name: field for field in model._meta.concrete_fields}
    return model._meta.pk if name == "pk" else fields[name]


@cache
def _inserted_columns(model: type[Model]) -> Names:
    return tuple(field.attname for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _update_sql(model: type[Model], columns: Names, where: Names) -> str:
    changes = ", ".join(f"{_column(model, name)} = %s" for name in columns)
    conditions = " AND ".join(f"{_column(model, name)} = %s" for name in where)
    return f"UPDATE {_table(model)} SET {changes} WHERE {conditions}"


@cache
def _insert_sql(model: type[Model], rows: int) -> str:
    names = _inserted_columns(model)
    columns, places = ", ".join(_column(model, name) for name in names), ", ".join(["%s"] * len(names))
    return f"INSERT INTO {_table(model)} ({columns}) VALUES {', '.join([f'({places})'] * rows)}"


@cache
def _locked_sql(_vendor: str, model: type[Model], columns: Names) -> str:
    # SQLite has no locks on rows: its transactions lock all of it when they begin.
    lock = f" {connection.ops.for_update_sql()}" if connection.features.has_select_for_update else ""
    names = ", ".join(_column(model, name) for name in columns)
    return f"SELECT {names} FROM {_table(model)} WHERE {_column(model, 'pk')} = %s{lock}"


@cache
def _rows_sql(model: type[Model], columns: Names, where: Names, among: str, values: int) -> str:
    names, places = ", ".join(_column(model, name) for name in columns), ", ".join(["%s"] * values)
    conditions = " AND ".join(f"{_column(model, name)} = %s" for name in where)
    return f"SELECT {names} FROM {_table(model)} WHERE {conditions} AND {_column(model, among)} IN ({places})"


def _column(model: type[Model], name: str) -> str:
    return f'"{_field(model, name).column}"'


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'
