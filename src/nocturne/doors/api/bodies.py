"""Reads what programs send: strictly, and in no more memory and time than a ticket is worth."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from nocturne.core.refusals import Invalid
from nocturne.doors.api.problems import BadRequest, NotUnderstood


class Strict(Parser):
    """Reads one JSON object; whatever else comes is refused with its reason."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Read the body.

        :raises NotUnderstood: it says that it is something else than JSON.
        :raises BadRequest: it is not JSON, nested too deeply, or holds characters that are none.
        """
        kind = (request.content_type or "application/json").lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise NotUnderstood("not_json", given=kind[:80])
        found: dict[str, Any] = read_json(request.body)
        return found

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        found: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        for name, value in found.items():
            if "\x00" in value:
                raise Invalid("bad_value", field=name, given=name, reason="it holds a NUL")
        return found


def read_json(raw: bytes) -> Any:
    """Read JSON.

    :raises BadRequest: it cannot be read.
    """
    try:
        found = json.loads(raw, parse_constant=_no_number)
        if b"\\u" in raw:
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadRequest("bad_characters") from None
    except RecursionError:
        raise BadRequest("json_too_deep") from None
    except UnicodeDecodeError:
        raise BadRequest("bad_json", reason="it is not UTF-8") from None
    except ValueError as error:
        raise BadRequest("bad_json", reason=str(error)[:200]) from None
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
