"""Whether an answer is one that a GraphQL server may give, and what it means."""

import json

import graphql
from graphql import is_leaf_type, is_list_type, is_non_null_type

MEDIA = {"application/graphql-response+json", "application/json"}
# Codes that say that the server is at fault.
OURS = {"INTERNAL_SERVER_ERROR", "EXECUTION_TIMEOUT"}


class Answer:
    def __init__(self, status, headers, content):
        self.status = status
        self.media = headers.get("content-type", "").split(";")[0].strip().lower()
        try:
            self.body = json.loads(content.decode())
        except (UnicodeDecodeError, ValueError):
            self.body = None

    @property
    def data(self):
        return self.body.get("data") if isinstance(self.body, dict) else None

    @property
    def errors(self):
        errors = self.body.get("errors") if isinstance(self.body, dict) else None
        return errors if isinstance(errors, list) else []

    def codes(self):
        return [code(error) for error in self.errors]

    def word(self):
        """`done`, the code of the first error or user error, or `absent`."""
        if self.errors:
            return self.codes()[0]
        for payload in (self.data or {}).values():
            if payload is None:
                return "absent"
            refused = payload.get("userErrors") if isinstance(payload, dict) else None
            if refused:
                return f"user:{refused[0].get('code')}"
        return "done"

    def defects(self, schema, document):
        """What a server must not answer, in words."""
        if self.status >= 500:
            return [f"status {self.status}"]
        if self.media not in MEDIA:
            return [f"the media type {self.media!r}"]
        if not isinstance(self.body, dict):
            return ["no JSON object"]
        found = [f"a key {key!r}" for key in self.body.keys() - {"data", "errors", "extensions"}]
        if "errors" in self.body and not self.errors:
            found.append("errors that are empty or no list")
        if "data" not in self.body and not self.errors:
            found.append("neither data nor errors")
        for error in self.errors:
            if not isinstance(error, dict) or not isinstance(error.get("message"), str):
                found.append("an error without a message")
            elif not isinstance(code(error), str):
                found.append(f"an error without a code: {error}")
            elif code(error) in OURS:
                found.append(f"the code {code(error)}")
        if (self.data is not None) != (self.status == 200):
            found.append(f"status {self.status} {'with' if self.data is not None else 'without'} data")
        if isinstance(self.data, dict) and not self.errors:
            found.extend(misfits(schema, document, self.data))
        return found


def code(error):
    extensions = error.get("extensions") if isinstance(error, dict) else None
    return extensions.get("code") if isinstance(extensions, dict) else None


def misfits(schema, document, data):
    """Where data without errors is not what the document asks for."""
    operation = document.definitions[0]
    found = []
    root = schema.get_root_type(operation.operation)
    _object(schema, root, operation.selection_set, data, root.name, found)
    return found


def _object(schema, type_, selection, value, path, found):
    name = type_.name
    if graphql.is_abstract_type(type_):
        # Which type it is says `__typename`, which few documents ask for: what cannot be known is not judged.
        return
    expected = {}
    for node in selection.selections:
        if isinstance(node, graphql.FieldNode):
            expected[node.alias.value if node.alias else node.name.value] = node
    for key in value.keys() - expected.keys():
        found.append(f"{path}.{key} was not asked for")
    for key, node in expected.items():
        field = type_.fields.get(node.name.value)
        if key not in value:
            found.append(f"{path}.{key} is missing")
        elif field is not None:
            _value(schema, field.type, node.selection_set, value[key], f"{name}.{node.name.value}", found)


def _value(schema, type_, selection, value, path, found):
    if is_non_null_type(type_):
        if value is None:
            found.append(f"{path} is null")
            return
        type_ = type_.of_type
    if value is None:
        return
    if is_list_type(type_):
        if not isinstance(value, list):
            found.append(f"{path} is no list")
            return
        for item in value:
            _value(schema, type_.of_type, selection, item, path, found)
    elif is_leaf_type(type_):
        if isinstance(value, (dict, list)):
            found.append(f"{path} is no {type_.name}")
        elif graphql.is_enum_type(type_) and value not in type_.values:
            found.append(f"{path} is {value!r}, which {type_.name} does not have")
    elif not isinstance(value, dict):
        found.append(f"{path} is no object")
    else:
        _object(schema, type_, selection, value, path, found)
