"""Documents of schemathesis with arguments that the demo can do something with."""

import graphql
from graphql import is_non_null_type

from plausible import Plausible

# How many documents get real arguments throughout, and how many some; the others stay as they were made.
THROUGHOUT, SOME = 0.8, 0.12
# What is asked besides, so that the next request knows it.
ASKED = ("id", "revision", "status", "slug", "version", "consentRevision", "kind", "code", "message")


def rewritten(document, schema, random, known, caller):
    operation = document.definitions[0]
    root = schema.get_root_type(operation.operation)
    dice = random.random()
    often = 1.0 if dice < THROUGHOUT else 0.5 if dice < THROUGHOUT + SOME else 0.0
    name = operation.selection_set.selections[0].name.value
    make = Plausible(random, known, caller, name)
    chosen = Rewriter(schema, make, random, often).selection(operation.selection_set, root, 0)
    return graphql.DocumentNode(definitions=(changed(operation, selection_set=chosen),))


class Rewriter:
    def __init__(self, schema, make, random, often):
        self.schema, self.make, self.random, self.often = schema, make, random, often

    def selection(self, chosen, type_, depth, fragment=False):
        nodes = []
        for node in chosen.selections:
            if isinstance(node, graphql.FieldNode):
                nodes.append(self.field(node, type_, depth, fragment))
            elif isinstance(node, graphql.InlineFragmentNode) and node.type_condition:
                inner = self.schema.type_map[node.type_condition.name.value]
                nodes.append(changed(node, selection_set=self.selection(node.selection_set, inner, depth, True)))
            else:
                nodes.append(node)
        # Not within fragments: two types may mean different things by one name.
        if 0 < depth < 4 and self.often and graphql.is_object_type(type_) and not fragment:
            known = {node.alias.value if node.alias else node.name.value for node in nodes if isinstance(node, graphql.FieldNode)}
            nodes += [field(name) for name in ASKED if name in type_.fields and name not in known and is_plain(type_.fields[name])]
            if "userErrors" in type_.fields and "userErrors" not in known:
                # Without them nobody could tell what was done from what was refused.
                nodes.append(field("userErrors", ["code", "message"]))
        return changed(chosen, selections=tuple(nodes))

    def field(self, node, type_, depth, fragment):
        definition = getattr(type_, "fields", {}).get(node.name.value)
        if definition is None:
            return node
        arguments = [self.argument(one, definition.args[one.name.value], type_.name) for one in node.arguments or ()]
        arguments = [one for one in arguments if one is not None]
        inner = graphql.get_named_type(definition.type)
        chosen = self.selection(node.selection_set, inner, depth + 1, fragment) if node.selection_set else None
        return changed(node, arguments=tuple(arguments), selection_set=chosen)

    def argument(self, node, definition, of):
        if self.random.random() >= self.often:
            return node
        value = self.make.node(definition.type, node.name.value, of)
        if isinstance(value, graphql.NullValueNode) and not is_non_null_type(definition.type):
            return None
        if self.often < 1.0:
            value = self.mixed(value, node.value)
        return changed(node, value=value)

    def mixed(self, ours, theirs):
        """Ours, with some of what was made at random."""
        if not (isinstance(ours, graphql.ObjectValueNode) and isinstance(theirs, graphql.ObjectValueNode)):
            return ours
        other = {one.name.value: one for one in theirs.fields}
        fields = [
            changed(one, value=self.mixed(one.value, other[one.name.value].value) if self.random.random() < 0.7 else other[one.name.value].value)
            if one.name.value in other else one
            for one in ours.fields
        ]
        return graphql.ObjectValueNode(fields=tuple(fields))


def is_plain(definition):
    return graphql.is_leaf_type(graphql.get_named_type(definition.type)) and not definition.args


def field(name, inner=()):
    chosen = graphql.SelectionSetNode(selections=tuple(field(one) for one in inner)) if inner else None
    return graphql.FieldNode(name=graphql.NameNode(value=name), selection_set=chosen)


def changed(node, **changes):
    return type(node)(**{**{key: getattr(node, key) for key in node.keys}, **changes})
