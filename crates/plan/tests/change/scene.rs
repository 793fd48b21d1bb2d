//! A cluster in memory that takes what it is given, and documents to apply to it.

use std::collections::BTreeMap;

use berth_config::document::{Format, Source, read};
use berth_config::rules::Profile;
use berth_config::value::SecretValue;
use berth_plan::change::{
    Action, Asked, Change, Named, Observed, Plan, Trial, is_part_of, is_shared_by, plan, sent,
};
use berth_plan::object::{ObjectKey, ObjectSet, SecretText};
use berth_plan::render::{KubernetesVersion, RenderOptions, SecretSource, SecretUnavailable, render};
use serde_json::{Value as Json, json};

/// The inventory of all tests.
pub(crate) const ID: &str = "applyset-of-these-tests-v1";
/// What stands in every secret.
pub(crate) const CANARY: &str = "canary";

/// Secrets that tell where they were looked for; made-once values may differ.
pub(crate) struct Secrets(pub(crate) &'static str);

impl SecretSource for Secrets {
    fn resolve(&self, secret: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        Ok(match secret {
            SecretValue::Plain(text) => SecretText::from(text.as_str()),
            SecretValue::Env(name) => format!("{CANARY}-of-{name}-{}", self.0).into(),
            SecretValue::File(path) => format!("{CANARY}-of-{path}-{}", self.0).into(),
            SecretValue::SecretKeyRef(_) => {
                return Err(SecretUnavailable("it lies in the cluster".to_owned()));
            }
        })
    }

    fn made_once(&self, _: &str, name: &str, key: &str) -> Option<SecretText> {
        Some(format!("{CANARY}-made-once-{name}-{key}").into())
    }
}

/// A Docker registry with a volume and a password, and more fields.
pub(crate) fn registry(name: &str, more: &str) -> String {
    format!(
        "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: {name}}}\nspec:\n  namespace: registry\n  \
         storage: {{driver: filesystem}}\n  persistence: {{enabled: true, size: 10Gi}}\n  http: {{secret: {{env: SECRET}}}}\n{more}---\n"
    )
}

/// What documents become.
pub(crate) fn rendered(text: &str) -> ObjectSet {
    rendered_with(text, "first")
}

/// The same with the secrets of the environment at a later time.
pub(crate) fn rendered_with(text: &str, when: &'static str) -> ObjectSet {
    let source = Source {
        name: "berth.yaml".to_owned(),
        bytes: text.as_bytes().to_vec(),
        format: Format::Yaml,
    };
    let options = RenderOptions {
        kubernetes: KubernetesVersion::minor(31),
        profile: Profile::Dev,
    };
    let documents = read(&[source]);
    assert!(documents.findings.is_empty(), "{:?}", documents.findings);
    render(&documents, &options, &Secrets(when)).objects
}

/// What is asked for where nothing special is.
pub(crate) fn asked() -> Asked {
    Asked {
        inventory: ID.to_owned(),
        ..Asked::default()
    }
}

/// The same with protected things named.
pub(crate) fn also(names: &[&str]) -> Asked {
    Asked {
        also: names.iter().map(|name| Named::parse(name)).collect(),
        ..asked()
    }
}

/// A cluster that takes what it is given.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) live: BTreeMap<ObjectKey, Json>,
    writes: u64,
    /// What it refuses, by kind.
    pub(crate) refusals: BTreeMap<&'static str, Trial>,
}

impl World {
    /// One that holds what documents say.
    pub(crate) fn of(text: &str) -> Self {
        let mut world = Self::default();
        let plan = world.plan(&rendered(text), &asked());
        world.carry_out(&plan);
        world
    }

    /// The live object of a kind and a name.
    pub(crate) fn get(&mut self, kind: &str, name: &str) -> &mut Json {
        let found = self
            .live
            .iter_mut()
            .find(|(key, _)| key.kind == kind && key.name == name);
        found.unwrap().1
    }

    /// What it holds and answers.
    pub(crate) fn observed(&self, wanted: &ObjectSet, asked: &Asked) -> BTreeMap<ObjectKey, Observed> {
        let seen = wanted.iter().map(|object| {
            let live = self.live.get(&object.key()).cloned();
            let trial = match self.refusals.get(object.kind()) {
                Some(trial) => trial.clone(),
                None => Trial::Accepted(applied(
                    live.as_ref(),
                    sent(object, live.as_ref(), asked).reveal(),
                )),
            };
            (object.key(), Observed { live, trial })
        });
        seen.collect()
    }

    pub(crate) fn plan(&self, wanted: &ObjectSet, asked: &Asked) -> Plan {
        let members: Vec<Json> = self
            .live
            .values()
            .filter(|live| is_part_of(live, ID) || is_shared_by(live, ID))
            .cloned()
            .collect();
        plan(wanted, &self.observed(wanted, asked), &members, asked)
    }

    /// Does what a plan says.
    pub(crate) fn carry_out(&mut self, plan: &Plan) {
        for change in &plan.changes {
            match (&change.action, &change.sent) {
                (Action::Delete { .. }, _) => {
                    self.live.remove(&change.key);
                }
                (Action::Create | Action::Update { .. } | Action::Replace { .. }, Some(sent)) => {
                    self.put(sent.reveal());
                }
                _ => {}
            }
        }
    }

    /// Writes an object, as the server does.
    pub(crate) fn put(&mut self, object: &Json) {
        self.writes += 1;
        let key = ObjectKey::of(object).unwrap();
        let mut live = applied(self.live.get(&key), object);
        live["metadata"]["uid"] = json!(format!("uid-of-{}", key.name));
        live["metadata"]["resourceVersion"] = json!(self.writes.to_string());
        live["metadata"]["generation"] = json!(self.writes);
        live["metadata"]["managedFields"] = json!([{"manager": "berth", "operation": "Apply"}]);
        live["status"] = json!({"observedGeneration": self.writes});
        self.live.insert(key, live);
    }
}

/// What the server makes of an object: what it is, and some defaults.
fn applied(live: Option<&Json>, object: &Json) -> Json {
    let mut result = object.clone();
    if let Some(live) = live {
        for field in ["uid", "resourceVersion", "managedFields"] {
            result["metadata"][field] = live["metadata"][field].clone();
        }
    }
    if result["kind"] == "Service" {
        result["spec"]["clusterIP"] = json!("10.0.0.1");
    }
    if result["kind"] == "Deployment" {
        result["spec"]["progressDeadlineSeconds"] = json!(600);
    }
    result
}

/// The changes that do something, or can't.
pub(crate) fn acting(plan: &Plan) -> Vec<&Change> {
    let acts = |change: &&Change| change.acts() || matches!(change.action, Action::Refused { .. });
    plan.changes.iter().filter(acts).collect()
}

/// The change of one object.
pub(crate) fn change<'a>(plan: &'a Plan, kind: &str, name: &str) -> &'a Change {
    let found = plan
        .changes
        .iter()
        .find(|change| change.key.kind == kind && change.key.name == name);
    found.unwrap()
}

/// The paths of the fields that change in an object.
pub(crate) fn paths(change: &Change) -> Vec<&str> {
    match &change.action {
        Action::Update { fields } | Action::Replace { fields, .. } => {
            fields.iter().map(|field| field.path.as_str()).collect()
        }
        _ => Vec::new(),
    }
}
