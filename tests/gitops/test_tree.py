from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

from chores_infra.gitops.roles import Role
from chores_infra.gitops.tree import GitOpsTree, TreeFile, read_tree

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"


def tree_of(root: Path, files: dict[str, str]) -> GitOpsTree:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return read_tree(root)


def roles(tree: GitOpsTree) -> dict[str, list[Role]]:
    return {
        file.path: [file.what.role] if file.what is not None else [what.role for _, what in file.documents]
        for file in tree.files
    }


def only(tree: GitOpsTree) -> TreeFile:
    (file,) = tree.files
    return file


class TestCharts:
    FILES: ClassVar = {
        "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "web/values.yaml": "kind: {}\napiVersion: x\n",
        "web/values-prod.yaml": "a: 1\n",
        "web/values.schema.json": '{"type": "object"}\n',
        "web/ci/test-values.yaml": "a: 1\n",
        "web/crds/crd.yaml": CONFIG_MAP.format("crd"),
        "web/templates/a.yaml": "kind: {{ .Values.kind }}\n{{- if .x }}\n",
        "web/templates/tests/b.yaml": CONFIG_MAP.format("b"),
        "web/templates/_helpers.tpl": "{{ define }}\n",
        "web/charts/sub/Chart.yaml": "name: sub\n",
        "web/charts/sub/templates/c.yaml": "{{ x }}\n",
        "templates/d.yaml": CONFIG_MAP.format("d"),
        "values.yaml": "a: 1\n",
    }

    def test_their_files_are_told_apart(self, tmp_path: Path) -> None:
        tree = tree_of(tmp_path, self.FILES)
        assert roles(tree) == {
            "web/Chart.yaml": [Role.HELM_CHART],
            "web/values.yaml": [Role.HELM_VALUES],
            "web/values-prod.yaml": [Role.HELM_VALUES],
            "web/values.schema.json": [Role.HELM_VALUES],
            "web/ci/test-values.yaml": [Role.HELM_VALUES],
            "web/crds/crd.yaml": [Role.MANIFEST],
            "web/templates/a.yaml": [Role.HELM_TEMPLATE],
            "web/templates/tests/b.yaml": [Role.HELM_TEMPLATE],
            "web/templates/_helpers.tpl": [Role.HELM_TEMPLATE],
            "web/charts/sub/Chart.yaml": [Role.HELM_CHART],
            "web/charts/sub/templates/c.yaml": [Role.HELM_TEMPLATE],
            "templates/d.yaml": [Role.MANIFEST],
            "values.yaml": [Role.HELM_VALUES],
        }
        assert tree.problems == ()

    def test_one_at_the_root_of_the_tree(self, tmp_path: Path) -> None:
        tree = tree_of(tmp_path, {"Chart.yaml": "name: x\n", "templates/a.yaml": "{{ x }}\n"})
        assert roles(tree) == {"Chart.yaml": [Role.HELM_CHART], "templates/a.yaml": [Role.HELM_TEMPLATE]}


class TestKustomizations:
    def test_their_inputs_are_no_manifests_of_their_own(self, tmp_path: Path) -> None:
        kustomization = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [deployment.yaml, ../base]
patches:
- path: patches/replicas.yaml
- patch: |-
    - op: remove
      path: /spec
  target: {kind: Deployment}
patchesStrategicMerge:
- merge.yaml
- |-
  kind: Deployment
patchesJson6902:
- path: json.yaml
  target: {}
configMapGenerator:
- name: x
  files: [key=data.yaml, "https://example.com/x.yaml"]
helmCharts:
- name: y
  valuesFile: helm.yaml
replacements:
- path: ../shared/replacement.yaml
"""
        names = ["patches/replicas.yaml", "merge.yaml", "json.yaml", "data.yaml", "helm.yaml"]
        files = {f"app/{name}": CONFIG_MAP.format("x") for name in [*names, "deployment.yaml"]}
        tree = tree_of(
            tmp_path,
            {**files, "app/kustomization.yaml": kustomization, "shared/replacement.yaml": "- source: {}\n"},
        )
        expected = {f"app/{name}": [Role.KUSTOMIZE_PATCH] for name in names}
        assert roles(tree) == {
            **expected,
            "app/deployment.yaml": [Role.MANIFEST],
            "app/kustomization.yaml": [Role.KUSTOMIZATION],
            "shared/replacement.yaml": [Role.KUSTOMIZE_PATCH],
        }

    @pytest.mark.parametrize(
        "text", ["", "- a\n", "patches: 3\n", "patches: [{path: [1, {}]}, null]\n", "a: [\n"]
    )
    def test_one_that_makes_no_sense_is_still_one(self, tmp_path: Path, text: str) -> None:
        assert roles(tree_of(tmp_path, {"Kustomization": text})) == {"Kustomization": [Role.KUSTOMIZATION]}


class TestFilesThatCannotBeRead:
    def test_a_broken_manifest_and_what_argo_cd_skips(self, tmp_path: Path) -> None:
        tree = tree_of(
            tmp_path,
            {"a.yaml": "apiVersion: v1\nkind: [\nmetadata:\n", "b.yaml": "a: [\n", "c.yaml": "# no\n"},
        )
        assert roles(tree) == {"a.yaml": [Role.BROKEN], "b.yaml": [Role.BROKEN], "c.yaml": [Role.EMPTY]}
        reasons = [file.what.reason for file in tree.files if file.what is not None]
        assert ["fails" in reason for reason in reasons] == [True, False, False]
        assert [(problem.file, problem.line) for problem in tree.problems] == [("a.yaml", 3), ("b.yaml", 1)]

    @pytest.mark.parametrize(
        "text",
        [
            "name: {{ .Values.name }}\n",
            "{{- if .Values.on }}\na: 1\n{{- end }}\n",
            "a:\n  {{- toYaml .Values.a | nindent 2 }}\nb: 1\n",
            "a: 1\n{% if x %}\nb: {{ x }}: y\n",
        ],
    )
    def test_a_template_outside_of_a_chart(self, tmp_path: Path, text: str) -> None:
        assert roles(tree_of(tmp_path, {"x.yaml": text})) == {"x.yaml": [Role.TEMPLATE]}

    def test_good_documents_beside_a_broken_one_keep_their_roles(self, tmp_path: Path) -> None:
        text = f"{CONFIG_MAP.format('a')}---\nb: [\n---\n{CONFIG_MAP.format('c')}"
        tree = tree_of(tmp_path, {"x.yaml": text})
        assert roles(tree) == {"x.yaml": [Role.MANIFEST, Role.MANIFEST]}
        assert [problem.line for problem in tree.problems] == [6]

    def test_a_link_out_of_the_tree(self, tmp_path: Path) -> None:
        (tmp_path / "x.yaml").symlink_to("/etc/passwd")
        tree = read_tree(tmp_path)
        assert roles(tree) == {"x.yaml": [Role.BROKEN]}
        assert only(tree).source is None
        assert len(tree.problems) == 1


def test_items_of_lists_are_manifests(tmp_path: Path) -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- kind: A\n- {kind: B}\n- text\n---\napiVersion: v1\nkind: C\n"
    )
    manifests = list(tree_of(tmp_path, {"x.yaml": text}).manifests())
    found: list[tuple[Any, Any, int]] = [
        (manifest.value["kind"], manifest.path, manifest.document.position(manifest.path).line)
        for manifest in manifests
    ]
    assert found == [("A", ("items", 0), 4), ("B", ("items", 1), 5), ("C", (), 8)]


def test_a_file_may_tell_argo_cd_to_skip_it(tmp_path: Path) -> None:
    text = CONFIG_MAP.format("x")
    tree = tree_of(tmp_path, {"a.yaml": f"# +argocd:skip-file-rendering\n{text}", "b.yaml": text, "c.md": ""})
    assert [file.path for file in tree.files if file.skipped_by_argo_cd] == ["a.yaml"]


def test_json_is_read_as_json(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "a.json": '{"apiVersion": "v1", "kind": "Namespace"}',
            "b.json": '{"name": "x",}',
            "c.jsonnet": "{}",
        },
    )
    assert roles(tree) == {"a.json": [Role.MANIFEST], "b.json": [Role.BROKEN], "c.jsonnet": [Role.IGNORED]}
