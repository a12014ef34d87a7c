"""What schemathesis checks in addition: that a refusal of a valid request, and a 504, have the reason that they claim."""

import re
import zlib

import schemathesis


def problem_of(response) -> dict:
    return response.json() if "problem+json" in response.headers.get("content-type", [""])[0] else {}


def sent(case, name: str) -> str | None:
    fields = {key.lower(): value for key, value in (case.headers or {}).items()}
    return fields.get(name.lower())


def fits(case, name: str) -> bool:
    """Whether a field of the request matches its pattern: the generator sends `0` where it cannot make one up."""
    for parameter in case.operation.headers:
        pattern = parameter.definition.get("schema", {}).get("pattern")
        if parameter.name.lower() == name.lower() and pattern:
            return re.search(pattern, str(sent(case, name))) is not None
    return True


@schemathesis.hook
def filter_case(ctx, case) -> bool:
    """Fields that the document does not name are let pass, as HTTP has it (RFC 9110 section 5.1): no schema is broken by one."""
    return sent(case, "x-schemathesis-unknown-property") is None


@schemathesis.hook
def before_call(ctx, case, kwargs) -> None:
    """Three of four valid preconditions are left out: one that was made up never holds, and hides all that would come after it."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for name in [name for name in case.headers or {} if name.lower() in ("if-match", "if-none-match")]:
        if zlib.crc32(str(case.headers[name]).encode()) % 4:
            del case.headers[name]


@schemathesis.check
def a_valid_request_is_refused_for_a_reason(ctx, response, case) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    problem = problem_of(response)
    if "upstream" in problem or problem.get("code") == "invalid-cursor":
        return  # the vendor's own rules; a cursor that nobody gave
    wrong = [error for error in problem.get("errors", []) if fits(case, error.get("parameter", ""))]
    # What of the formats no pattern can say (patterns.py looks at them), and a body that contradicts its path.
    said_in_words = ("identifier", "http-url", "conflicts-with-path")
    wrong = [error for error in wrong if error["code"] not in said_in_words]
    assert not wrong, f"valid by the document: {wrong}"


@schemathesis.check
def a_504_was_asked_for(ctx, response, case) -> None:
    if response.status_code != 504:
        return
    code = problem_of(response).get("code")
    hurried = float(sent(case, "Request-Timeout") or 86400) < 2
    kept_only = "only-if-cached" in (sent(case, "Cache-Control") or "").lower()
    assert (code == "not-in-cache" and kept_only) or (code != "not-in-cache" and hurried), f"504 {code}"
