//! ImageScanPolicy: which images may not be pulled for their vulnerabilities.

use crate::section::section;
use crate::value::{Duration, Exemption, ScanAction, Scanner, Written};

section! {
    /// A policy on vulnerabilities.
    pub struct ImageScanPolicy {
        /// The name of the document.
        core name: String = "image-scan";
        /// When images are scanned.
        core scanning: Scanning;
        /// What becomes of images with vulnerabilities.
        core vulnerabilities: Vulnerabilities;
        /// What is let pass: images or vulnerabilities.
        core exemptions: Vec<Exemption>;
        /// The registries it is for; all of this installation without it.
        extension registries: Vec<String>;
        /// The projects of Harbor it is for.
        extension projects: Vec<String>;
        /// The repositories it is for, as patterns; all without it.
        extension repositories: Vec<String>;
        /// Whether vulnerabilities without a fix don't count.
        extension ignore_unfixed as "ignoreUnfixed": Option<bool>;
    }
}

section! {
    /// When images are scanned.
    pub struct Scanning {
        /// Whether they are.
        core enabled: bool = true;
        /// The scanner.
        core scanner: Written<Scanner> = "trivy";
        /// How often they are scanned again.
        core scan_interval as "scanInterval": Written<Duration> = "24h", code "SP-003";
        /// Whether a pull scans.
        core on_pull as "onPull": bool = true;
        /// Whether a push scans.
        core on_push as "onPush": bool = true;
    }
}

section! {
    /// What becomes of images, by the worst severity found.
    pub struct Vulnerabilities {
        /// Of critical severity.
        core critical: SeverityAction = ("block");
        /// Of high severity.
        core high: SeverityAction = ("warn");
        /// Of medium severity.
        core medium: SeverityAction = ("allow");
        /// Of low severity.
        extension low: Option<SeverityAction>;
        /// Of a severity that nobody rated.
        extension unknown: Option<SeverityAction>;
    }
}

section! {
    /// What becomes of images with a vulnerability of one severity.
    pub struct SeverityAction {
        /// Whether it counts.
        core enabled: bool = true;
        /// What is done: block, warn or allow.
        core action: Written<ScanAction> = "allow";
    }
}

impl From<&str> for SeverityAction {
    fn from(action: &str) -> Self {
        Self {
            action: action.into(),
            ..Self::default()
        }
    }
}
