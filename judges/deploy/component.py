"""The component adds the very container that the plain manifest shows, and where it was built, so does the result."""

import sys
from pathlib import Path

import yaml


def pod(path, wanted="Deployment"):
    for document in yaml.safe_load_all(Path(path).read_text()):
        if document["kind"] == wanted:
            return document["spec"]["template"]["spec"]
    raise SystemExit(f"{path} has no {wanted}")


def gateway(path):
    """Container and volumes, without what an overlay changes: the image's registry, the hash in a ConfigMap's name."""
    spec = pod(path)
    [container] = [one for one in spec["initContainers"] if one["name"] == "lms-gateway"]
    container["image"] = container["image"].rpartition("/")[2]
    volumes = {one["name"]: one for one in spec["volumes"] if one["name"].startswith("lms-gateway-")}
    settings = volumes["lms-gateway-config"]["configMap"]
    settings["name"] = "lms-gateway" if settings["name"].startswith("lms-gateway") else settings["name"]
    return container, volumes, spec["terminationGracePeriodSeconds"]


plain = gateway("deploy/sidecar/kubernetes.yaml")
for other in ["deploy/sidecar/patch.yaml", *sys.argv[1:]]:
    if Path(other).exists() and gateway(other) != plain:
        raise SystemExit(f"{other} has another sidecar than deploy/sidecar/kubernetes.yaml:\n{gateway(other)}\n{plain}")

# What no other tool asks of both forms.
for path, containers in [("deploy/sidecar/kubernetes.yaml", "initContainers"), ("deploy/standalone/kubernetes.yaml", "containers")]:
    spec = pod(path)
    [container] = [one for one in spec[containers] if one["name"] == "lms-gateway"]
    security = container["securityContext"]
    assert spec["automountServiceAccountToken"] is False, path
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}, path
    assert security["readOnlyRootFilesystem"] and security["runAsNonRoot"] and security["capabilities"] == {"drop": ["ALL"]}, path
    assert container["resources"]["requests"].keys() >= {"cpu", "memory"} and "memory" in container["resources"]["limits"], path
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= container.keys(), path
    settings = yaml.safe_load((Path(path).parent / "gateway.yaml").read_text())
    drain = {"delay": "1s", "limit": "25s"} | settings.get("drain", {})
    assert sum(int(time.removesuffix("s")) for time in drain.values()) < spec["terminationGracePeriodSeconds"], path
