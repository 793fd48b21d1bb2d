use std::path::PathBuf;
use std::time::Duration;

use berth_plan::change::Named;
use berth_plan::rotation::Rotation;
use serde_json::{Value as Json, json};

use crate::cli::{ClusterArguments, Profile};
use crate::exit::Refusal;

/// What somebody wants of a cluster.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// The documents, as they were named.
    pub(crate) sources: Vec<PathBuf>,
    /// How strict the rules are.
    pub(crate) profile: Profile,
    /// Which cluster and which inventory.
    pub(crate) cluster: ClusterArguments,
    /// Whether what others own is taken over.
    pub(crate) adopt: bool,
    /// Protected things that may go.
    pub(crate) also: Vec<String>,
    /// Made-once secrets that are made anew, as they were named.
    pub(crate) rotate: Vec<String>,
    /// How long one answer of the cluster may take; `None` for the usual.
    pub(crate) call_timeout: Option<Duration>,
    /// Whether everything goes.
    pub(crate) destroys: bool,
}

impl Wish {
    /// What these documents say, of a cluster that nothing more is asked of.
    pub(crate) fn of(sources: &[PathBuf], cluster: &ClusterArguments) -> Self {
        Self {
            sources: sources.to_vec(),
            profile: Profile::Dev,
            cluster: cluster.clone(),
            adopt: false,
            also: Vec::new(),
            rotate: Vec::new(),
            call_timeout: None,
            destroys: false,
        }
    }

    /// Protected things that may go, as they are compared.
    pub(crate) fn named(&self) -> Vec<Named> {
        self.also.iter().map(|text| Named::parse(text)).collect()
    }

    /// Made-once secrets that are made anew.
    pub(crate) fn rotations(&self) -> Result<Vec<Rotation>, Refusal> {
        let parsed = self.rotate.iter().map(|text| {
            let parsed: Result<Rotation, String> = text.parse();
            parsed.map_err(|error| Refusal::Usage(format!("--rotate {text}: {error}")))
        });
        parsed.collect()
    }

    /// How to plan the same again: what stands in a plan file.
    pub(crate) fn to_json(&self) -> Json {
        let sources: Vec<String> = self
            .sources
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        json!({
            "documents": sources,
            "rotate": self.rotate,
            "profile": match self.profile { Profile::Dev => "dev", Profile::Prod => "prod" },
        })
    }

    /// The wish of a plan file; the cluster is named by the arguments, the rest by the file.
    pub(crate) fn of_file(file: &Json, arguments: &ClusterArguments) -> Self {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let texts =
            |value: &Json| -> Vec<String> { value.as_array().into_iter().flatten().map(text).collect() };
        let mut cluster = arguments.clone();
        cluster.namespace = Some(text(&file["inventory"]["namespace"]));
        cluster.inventory = Some(text(&file["inventory"]["name"]));
        let sources: Vec<PathBuf> = texts(&file["asked"]["documents"])
            .into_iter()
            .map(PathBuf::from)
            .collect();
        Self {
            profile: if file["asked"]["profile"] == "prod" {
                Profile::Prod
            } else {
                Profile::Dev
            },
            adopt: file["adopt"] == true,
            also: texts(&file["also"]),
            rotate: texts(&file["asked"]["rotate"]),
            ..Self::of(&sources, &cluster)
        }
    }
}
