//! What is rendered, judged by the tools that its users run: kubeconform, kube-score, checkov, promtool.
//!
//! A finding is either none, or explained on its object by the annotation that the judge reads; and an explanation of
//! what no judge finds is a fault too.
#![expect(clippy::unwrap_used, reason = "a test that can't read its samples has failed")]

mod alerts;
mod charts;
mod checkov;
mod dashboards;
mod explained;
mod kube_score;
mod kubeconform;
#[path = "../render/scene.rs"]
#[expect(dead_code, reason = "the tests of rendering use all of it")]
mod scene;
