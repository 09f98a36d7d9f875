"""`docs/rayjob.yaml` is what KubeRay takes, and asks for as many machines as it uses."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

from extractor.cli.batch import batch
from extractor.models.catalogue import load_catalogue

_FILE = Path(__file__).parents[2] / "docs" / "rayjob.yaml"
_TEXT = {"type": "string", "minLength": 1}
_COUNT = {"type": "integer", "minimum": 0}
_YES_NO = {"type": "boolean"}


def _closed(required: Mapping[str, object], **optional: object) -> dict[str, object]:
    """An object with these fields and no others: a misspelt one is not passed over."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def _list(of: object) -> dict[str, object]:
    return {"type": "array", "items": of, "minItems": 1}


# Of `ray.io/v1` and of pods those fields that the file uses, by their references.
_QUANTITIES = _closed(
    {
        "cpu": {"type": "string", "pattern": r"^\d+$"},
        "memory": {"type": "string", "pattern": r"^\d+Gi$"},
    }
)
_CONTAINER = _closed(
    {
        "name": _TEXT,
        "image": _TEXT,
        "resources": _closed({"limits": _QUANTITIES, "requests": _QUANTITIES}),
    },
    envFrom=_list(_closed({"secretRef": _closed({"name": _TEXT})})),
    volumeMounts=_list(_closed({"name": _TEXT, "mountPath": _TEXT})),
)
_TEMPLATE = _closed(
    {
        "spec": _closed(
            {"containers": _list(_CONTAINER)},
            volumes=_list(
                _closed({"name": _TEXT, "persistentVolumeClaim": _closed({"claimName": _TEXT})})
            ),
        )
    }
)
_START = {"type": "object", "additionalProperties": _TEXT}
_RAY_JOB = _closed(
    {
        "apiVersion": {"const": "ray.io/v1"},
        "kind": {"const": "RayJob"},
        "metadata": _closed({"name": {"type": "string", "pattern": "^[a-z0-9-]{1,47}$"}}),
        "spec": _closed(
            {
                "entrypoint": _TEXT,
                "rayClusterSpec": _closed(
                    {
                        "rayVersion": _TEXT,
                        "headGroupSpec": _closed({"rayStartParams": _START, "template": _TEMPLATE}),
                        "workerGroupSpecs": _list(
                            _closed(
                                {
                                    "groupName": _TEXT,
                                    "replicas": _COUNT,
                                    "minReplicas": _COUNT,
                                    "maxReplicas": _COUNT,
                                    "rayStartParams": _START,
                                    "template": _TEMPLATE,
                                }
                            )
                        ),
                    },
                    enableInTreeAutoscaling=_YES_NO,
                    autoscalerOptions=_closed({"idleTimeoutSeconds": _COUNT}),
                ),
            },
            submissionMode={"enum": ["K8sJobMode", "HTTPMode", "SidecarMode"]},
            backoffLimit=_COUNT,
            shutdownAfterJobFinishes=_YES_NO,
            ttlSecondsAfterFinished=_COUNT,
        ),
    }
)


@pytest.fixture(name="job")
def _job() -> Any:
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def test_the_job_has_only_fields_that_kuberay_knows(job: Any) -> None:
    jsonschema.validate(job, _RAY_JOB)


def test_its_command_is_one_of_ours(job: Any) -> None:
    program, name, *arguments = shlex.split(job["spec"]["entrypoint"])
    assert (program, name) == ("extractor", "batch")
    context = batch.make_context("batch", arguments)
    assert isinstance(context, click.Context)
    assert context.params["engine"] == "ray"
    assert context.params["address"].startswith("postgresql://")
    assert load_catalogue().find(context.params["model"])


def test_the_machines_have_a_core_for_each_article_at_a_time(job: Any) -> None:
    arguments = shlex.split(job["spec"]["entrypoint"])[2:]
    at_once = batch.make_context("batch", arguments).params["workers"]
    (group,) = job["spec"]["rayClusterSpec"]["workerGroupSpecs"]
    (container,) = group["template"]["spec"]["containers"]
    assert at_once == group["maxReplicas"] * int(container["resources"]["limits"]["cpu"])


def test_its_version_of_ray_is_the_locked_one(job: Any) -> None:
    lock = Path(__file__).parents[2] / "requirements-ray.lock"
    assert f"\nray=={job['spec']['rayClusterSpec']['rayVersion']} " in lock.read_text("utf-8")


def test_ray_derives_from_it_what_its_autoscaler_may_start(job: Any) -> None:
    pytest.importorskip(
        "ray", reason="Ray is not installed: pip install 'commitment-extractor[ray]'"
    )
    from ray.autoscaler._private.kuberay import autoscaling_config

    cluster = {
        "metadata": {"name": "batch", "namespace": "default"},
        "spec": job["spec"]["rayClusterSpec"],
    }
    derived = autoscaling_config._derive_autoscaling_config_from_ray_cr(cluster)
    types = derived["available_node_types"]
    assert types["headgroup"]["resources"]["CPU"] == 0
    assert types["readers"]["resources"]["CPU"] == 8
    assert types["readers"]["max_workers"] == 32
