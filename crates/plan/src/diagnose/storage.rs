//! Step five: is there a volume, is it mounted, and is there room on it?

use super::seen::{list, text};
use super::{Patient, codes};

/// A volume is nearly full from here, in percent.
const NEARLY_FULL: u64 = 85;

pub(super) fn diagnose(patient: &mut Patient<'_>) {
    let (namespace, instance) = patient.place();
    let (namespace, instance) = (namespace.to_owned(), instance.to_owned());
    let seen = patient.seen;
    let mut claims: Vec<&str> = Vec::new();
    for pod in seen.pods_of(&namespace, &instance) {
        for volume in list(pod, "/spec/volumes") {
            let claim = text(volume, "/persistentVolumeClaim/claimName");
            if !claim.is_empty() && !claims.contains(&claim) {
                claims.push(claim);
            }
        }
        mount(patient, &namespace, text(pod, "/metadata/name"));
    }
    for claim in claims {
        bound(patient, &namespace, claim);
        room(patient, &namespace, claim);
    }
}

fn mount(patient: &mut Patient<'_>, namespace: &str, pod: &str) {
    let reasons = ["FailedMount", "FailedAttachVolume"];
    if let Some(message) = patient.seen.warning(namespace, "Pod", pod, &reasons) {
        let help = if message.contains("Multi-Attach") {
            "the volume is still at another node: wait for the pod there to end, or delete it"
        } else {
            "see the claim and the storage's own driver"
        };
        let message = format!("Pod {namespace}/{pod} can't mount its volume: {message}");
        patient.tell(codes::DG_021, message, help);
    }
}

fn bound(patient: &mut Patient<'_>, namespace: &str, name: &str) {
    let claim = patient.seen.claims.iter().find(|claim| {
        text(claim, "/metadata/name") == name && text(claim, "/metadata/namespace") == namespace
    });
    let at = format!("PersistentVolumeClaim {namespace}/{name}");
    let Some(claim) = claim else {
        return patient.tell(
            codes::DG_018,
            format!("{at} isn't in the cluster"),
            "run `berth apply`",
        );
    };
    let phase = text(claim, "/status/phase");
    if phase == "Bound" {
        return;
    }
    let reasons = ["ProvisioningFailed", "FailedBinding", "VolumeFailedDelete"];
    let why = patient
        .seen
        .warning(namespace, "PersistentVolumeClaim", name, &reasons)
        .unwrap_or("no volume stands behind it yet");
    let class = text(claim, "/spec/storageClassName");
    let help = match class {
        "" => "the cluster has no default storage class: name one in `persistence.storageClass`".to_owned(),
        class => format!("kubectl get storageclass {class}; kubectl describe pvc -n {namespace} {name}"),
    };
    let message = format!("{at} is {}: {why}", phase.to_lowercase());
    patient.tell(codes::DG_018, message, help);
}

fn room(patient: &mut Patient<'_>, namespace: &str, name: &str) {
    let found = patient
        .seen
        .volumes
        .iter()
        .find(|volume| volume.namespace == namespace && volume.claim == name);
    let Some(volume) = found else { return };
    let percent = (volume.used * 100).checked_div(volume.capacity).unwrap_or(0);
    if percent >= NEARLY_FULL {
        let free = volume.capacity.saturating_sub(volume.used) >> 20;
        patient.tell(
            codes::DG_019,
            format!("the volume of {namespace}/{name} is {percent} % full: {free} MiB are free"),
            "enlarge `persistence.size` where the storage class allows it, or delete images and collect the garbage",
        );
    }
}
