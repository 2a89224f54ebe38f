"""The reference of the API: the OpenAPI document, and a page made from it that needs no script and no other host."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine

from nocturne.doors.api.answers import answer, api_url
from nocturne.doors.api.api import api
from nocturne.doors.api.problems import not_allowed

_HEADERS = {
    "Idempotency-Key": "Of your own making; a repeat with the same key does nothing and gets the first answer.",
    "If-Match": "The ticket's ETag; what somebody else has changed since is not overwritten.",
}
_PROBLEM = {
    "type": "object",
    "properties": {
        name: {"type": kind}
        for name, kind in {
            "type": "string",
            "title": "string",
            "status": "integer",
            "detail": "string",
            "instance": "string",
            "code": "string",
            "field": "string",
            "remedy": "string",
            "params": "object",
            "errors": "array",
        }.items()
    },
}
POLICY = "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"


def document(request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI document."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    return answer(described() | {"servers": [{"url": api_url("")}]})


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """Make the OpenAPI document, with what holds for every act written to each of them."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    made["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    refused = {"description": "Refused", "content": {"application/problem+json": {"schema": _ref("Problem")}}}
    for methods in made["paths"].values():
        for method, operation in methods.items():
            operation["responses"]["default"] = refused
            if method != "get" and operation.get("security"):
                operation["parameters"] = [*operation["parameters"], *_headers()]
    return made


def _headers() -> list[dict[str, Any]]:
    return [
        {"in": "header", "name": name, "required": False, "description": says, "schema": {"type": "string"}}
        for name, says in _HEADERS.items()
    ]


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def page(request: HttpRequest) -> HttpResponse:
    """Show the reference to people."""
    if request.method not in ("GET", "HEAD"):
        return not_allowed(request, "GET, HEAD")
    response = HttpResponse(_page(api_url("")))
    response.headers["Content-Security-Policy"] = POLICY
    return response


def style(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Give the page's style sheet."""
    sheet = files("nocturne.doors.api").joinpath("pages/reference.css").read_bytes()
    return HttpResponse(
        sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=3600"}
    )


@lru_cache(maxsize=4)
def _page(server: str) -> str:
    engine = Engine(dirs=[str(Path(__file__).parent / "pages")])
    found = described()
    routes = [
        _route(path, method, each)
        for path, methods in found["paths"].items()
        for method, each in methods.items()
    ]
    areas: dict[str, list[dict[str, Any]]] = {}
    for route in routes:
        areas.setdefault(route["tag"], []).append(route)
    context = {"info": found["info"], "server": server, "areas": areas, "objects": _objects(found)}
    return engine.get_template("reference.html").render(Context(context))


def _route(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    bodies = [_name(each.get("schema", {})) for kind, each in content.items() if kind == "application/json"]
    answers = [
        (status, next((_name(kind.get("schema", {})) for kind in each.get("content", {}).values()), ""))
        for status, each in operation["responses"].items()
        if status != "default"
    ]
    return {
        "id": operation["operationId"],
        "tag": operation.get("tags", ["other"])[0],
        "method": method.upper(),
        "path": path,
        "says": operation.get("description", ""),
        "parameters": [
            {
                "name": each["name"],
                "in": each["in"],
                "says": _says(each),
                "type": _type(each.get("schema", {})),
            }
            for each in operation["parameters"]
            if each["in"] != "header"
        ],
        "body": bodies[0] if bodies else "",
        "sends_files": "application/octet-stream" in content,
        "answers": answers,
    }


def _says(parameter: dict[str, Any]) -> str:
    return str(parameter.get("description") or parameter.get("schema", {}).get("description") or "")


def _objects(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "says": schema.get("description", ""),
            "keys": [
                {
                    "name": key,
                    "type": _type(each),
                    "says": each.get("description", ""),
                    "required": key in schema.get("required", ()),
                }
                for key, each in schema.get("properties", {}).items()
            ],
        }
        for name, schema in sorted(found["components"]["schemas"].items())
    ]


def _name(schema: dict[str, Any]) -> str:
    """Give the name of the object a schema points to."""
    for each in (schema, *schema.get("anyOf", ()), *schema.get("allOf", ())):
        if "$ref" in each:
            return str(each["$ref"]).rpartition("/")[2]
    return ""


def _type(schema: dict[str, Any]) -> str:
    """Say in a word or two what a value is."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"] if each != "")
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("type", "any"))
