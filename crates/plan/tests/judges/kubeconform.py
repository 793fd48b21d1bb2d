"""Lays out schemas as kubeconform reads them: a folder a version, each with a file a kind.

Reads from the standard input an object: `to`, the folder to write to; `kinds`, the names of the schemas that are needed,
such as `deployment-apps-v1`; `definitions`, a folder of custom resource definitions; `versions`. The schemas of
Kubernetes are those of the package kubernetes-validate, strict ones; those of custom resources are made strict here.
"""

import json
import sys
from importlib import resources
from pathlib import Path

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
asked = json.load(sys.stdin)
package = resources.files("kubernetes_validate") / "kubernetes-json-schema"
folders = {
    folder.name.removeprefix("v").rsplit(".", 1)[0]: folder
    for folder in package.iterdir()
    if folder.name.endswith("-local-strict")
}


def strict(schema):
    """No field that isn't named, unless the definition keeps unknown ones; `null` stands for a field that isn't there."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if isinstance(made.get("properties"), dict) and not made.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    return made


def custom():
    for file in sorted(Path(asked["definitions"]).glob("*.yaml")):
        for found in yaml.load_all(file.read_text(), Loader):
            if not found or found["kind"] != "CustomResourceDefinition":
                continue
            names, group = found["spec"]["names"], found["spec"]["group"].split(".")[0]
            for version in found["spec"]["versions"]:
                schema = strict(version["schema"]["openAPIV3Schema"])
                # The definition leaves the metadata to Kubernetes.
                schema["properties"]["metadata"] = {"type": "object"}
                yield f"{names['kind'].lower()}-{group}-{version['name']}", schema


customs = dict(custom())
# What cert-manager defines lies in no module that the tests have.
for kind in ("certificate-cert-manager-v1", "issuer-cert-manager-v1"):
    customs[kind] = {"type": "object"}
for version in asked["versions"]:
    to = Path(asked["to"]) / version
    to.mkdir(parents=True)
    definitions = json.loads((folders[version] / "_definitions.json").read_text())
    definitions.pop("$id")
    (to / "_definitions.json").write_text(json.dumps(definitions))
    for kind in asked["kinds"]:
        schema = customs.get(kind)
        if schema is None:
            text = (folders[version] / f"{kind}.json").read_text()
            schema = json.loads(text.replace('"/api/_definitions.json#', '"_definitions.json#'))
            schema.pop("$id")
        (to / f"{kind}.json").write_text(json.dumps(schema))
