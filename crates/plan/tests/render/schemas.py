"""Judges rendered objects by the strict schemas of each version of Kubernetes.

Reads from the standard input a list of [name, version, YAML stream, JSON List]; prints a line for each fault.
The YAML must hold what the JSON holds: it is read by another parser than the one of this project.
"""

import json
import sys
from importlib import resources

import jsonschema
import yaml
from referencing import Registry, Resource

# What custom resource definitions judge, and no schema of Kubernetes itself.
CUSTOM = {"ServiceMonitor", "PrometheusRule", "HTTPRoute", "Certificate", "Issuer"}

FOLDER = resources.files("kubernetes_validate") / "kubernetes-json-schema"
VERSIONS = {
    folder.name.split("-")[0].removeprefix("v"): folder
    for folder in FOLDER.iterdir()
    if folder.name.endswith("-local-strict")
}
validators = {}


def folder_of(version):
    fitting = [full for full in VERSIONS if full.rsplit(".", 1)[0] == version]
    if not fitting:
        raise SystemExit(f"there are no schemas of Kubernetes {version}")
    return VERSIONS[fitting[0]]


def validator(version, api_version, kind):
    key = (version, api_version, kind)
    if key not in validators:
        group, _, number = api_version.rpartition("/")
        name = f"{kind.lower()}-{group.split('.')[0]}-{number}" if group else f"{kind.lower()}-{number}"
        folder = folder_of(version)
        schema = json.loads((folder / f"{name}.json").read_text())
        definitions = Resource.from_contents(json.loads((folder / "_definitions.json").read_text()))
        registry = definitions @ (Resource.from_contents(schema) @ Registry())
        validators[key] = jsonschema.validators.Draft202012Validator(schema, registry=registry)
    return validators[key]


def faults(version, found):
    if found["kind"] in CUSTOM:
        return
    for error in validator(version, found["apiVersion"], found["kind"]).iter_errors(found):
        yield f"{found['kind']} {'.'.join(map(str, error.path))}: {error.message}"


judged = 0
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
for name, version, text, given in json.load(sys.stdin):
    read = [found for found in yaml.load_all(text, Loader) if found]
    if read != given["items"]:
        print(f"{name}: the YAML holds something else than the JSON")
    for found in read:
        judged += 1
        for fault in faults(version, found):
            print(f"{name} for {version}: {fault}")
print(f"judged {judged} objects", file=sys.stderr)
