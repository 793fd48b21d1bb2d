//! wrk, the client of what is pulled.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use berth_drive::MANIFEST_TYPE;

use crate::program;

/// What wrk is asked for.
pub(crate) struct Load<'a> {
    pub(crate) url: String,
    pub(crate) connections: u32,
    pub(crate) time: Duration,
    pub(crate) authorization: Option<&'a str>,
}

/// What wrk printed.
pub(crate) struct Seen(String);

impl Load<'_> {
    pub(crate) fn run(&self) -> Result<Seen> {
        Seen::of(self.start()?)
    }

    /// Starts it beside other work; [`Seen::of`] waits for its end.
    pub(crate) fn start(&self) -> Result<Child> {
        let mut command = Command::new("wrk");
        command.args(["--threads", &self.connections.min(2).to_string()]);
        command.args(["--connections", &self.connections.to_string()]);
        command.args(["--duration", &format!("{}s", self.time.as_secs())]);
        command.args(["--timeout", "20s"]);
        command.args(["--header", &format!("Accept: {MANIFEST_TYPE}")]);
        if let Some(authorization) = self.authorization {
            command.args(["--header", &format!("Authorization: {authorization}")]);
        }
        command.arg(&self.url).stdout(Stdio::piped());
        command
            .spawn()
            .with_context(|| format!("starting `{}`", program::shown(&command)))
    }
}

impl Seen {
    pub(crate) fn of(child: Child) -> Result<Self> {
        let output = child.wait_with_output().context("waiting for wrk")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() || text.contains("Non-2xx") {
            bail!("wrk met errors: {text}");
        }
        Ok(Self(text))
    }

    pub(crate) fn answers_a_second(&self) -> Result<f64> {
        let rate = self.field("Requests/sec:")?;
        rate.parse().with_context(|| format!("no rate: {rate:?}"))
    }

    /// In millions of bytes; of answers that were under way at the end, what had come counts.
    pub(crate) fn megabytes_a_second(&self) -> Result<f64> {
        let rate = self.field("Transfer/sec:")?;
        megabytes(rate).with_context(|| format!("no rate: {rate:?}"))
    }

    fn field(&self, name: &str) -> Result<&str> {
        let line = self.0.lines().find_map(|line| line.trim().strip_prefix(name));
        line.map(str::trim)
            .with_context(|| format!("no {name} in wrk's output: {}", self.0))
    }
}

/// wrk writes `3.91GB` for 3.91 times 1024³ bytes.
fn megabytes(text: &str) -> Option<f64> {
    let end = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(end);
    let power = match unit {
        "KB" => 1,
        "MB" => 2,
        "GB" => 3,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * 1024_f64.powi(power) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::megabytes;

    #[test]
    fn a_rate_of_wrk_s_is_in_powers_of_1024() {
        assert_eq!(megabytes("1.00GB"), Some(1024.0 * 1024.0 * 1024.0 / 1e6));
        assert_eq!(megabytes("2.00MB"), Some(2.0 * 1024.0 * 1024.0 / 1e6));
        assert_eq!(megabytes("2.00"), None);
    }
}
