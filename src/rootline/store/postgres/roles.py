"""The app role: made where it is missing, and refused where row-level security would not hold it."""

from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DuplicateObject, InsufficientPrivilege, UniqueViolation
from psycopg.sql import SQL, Identifier, Literal

from rootline.errors import Misconfigured
from rootline.store.postgres.template import template
from rootline.store.sql import statement

SHOWN = 5


def role_of(app_dsn: str) -> str:
    """Return the user that the app's connection string names."""
    role = conninfo_to_dict(app_dsn).get("user")
    if not role:
        raise Misconfigured("The app's connection string names no user. Add one that is not the owner.")
    return str(role)


async def ensure_app_role(owner: AsyncConnection, app_dsn: str) -> str:
    """Make the role with the password of the connection string, unless it exists; return its name.

    Raises:
        Misconfigured: It is missing and the owner may not make roles, or it may do too much.

    """
    role = role_of(app_dsn)
    faults = await app_role_faults(owner, role)
    if faults == (missing_role(role),):
        await _create(owner, role, str(conninfo_to_dict(app_dsn).get("password") or ""))
        faults = await app_role_faults(owner, role)
    if faults:
        more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise Misconfigured(
            f"The app role {role} would not be held by row-level security: {'; '.join(faults[:SHOWN])}{more}. "
            "Use a role of its own that owns nothing and belongs to no other role."
        )
    return role


def missing_role(role: str) -> str:
    """Say that there is no such role, as the statement says it."""
    return f"there is no role {role}"


async def app_role_faults(owner: AsyncConnection, role: str) -> tuple[str, ...]:
    """Name everything the role is, or may become, that passes by row-level security."""
    rows = await (await owner.execute(statement("app_role_faults"), {"app": role})).fetchall()
    return tuple(str(row[0]) for row in rows)


async def _create(owner: AsyncConnection, role: str, password: str) -> None:
    """Make the role. Only the password's hash goes over the wire, and so into no log."""
    hashed = owner.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    secret = Literal(hashed) if password else SQL("null")
    try:
        await owner.execute(template("create_app_role").format(app=Identifier(role), password=secret))
    except (DuplicateObject, UniqueViolation):
        return  # another process has just made it
    except InsufficientPrivilege as error:
        raise Misconfigured(
            f"There is no role {role}, and the owner may not make one. Ask an administrator for: "
            f"create role {role} login nosuperuser nobypassrls nocreaterole nocreatedb."
        ) from error
