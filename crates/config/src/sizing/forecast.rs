use crate::Spec;
use crate::document::Document;

/// What a forecast is made from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ForecastInput {
    /// How many images are pushed a day.
    pub images_per_day: f64,
    /// How large an image is, in bytes as stored.
    pub image_bytes: f64,
    /// How many days an image is kept.
    pub retention_days: f64,
    /// The share of an image's bytes that other images hold already, from 0 to 1.
    pub dedupe: f64,
}

/// How many bytes a registry will hold once as many images leave as come.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Forecast {
    /// Images held at a time.
    pub images: f64,
    /// Bytes held at a time.
    pub bytes: f64,
    /// Bytes of the volume; `None` where there is none or its size isn't given.
    pub volume_bytes: Option<u128>,
}

impl ForecastInput {
    /// How the forecast is made, for the help.
    pub const FORMULA: &'static str = "images-per-day x retention-days x image-size x (1 - dedupe)";

    /// The days that a registry's images are kept: the longest of the retention policies that apply
    /// to it; `None` without one.
    pub fn retention_days_for(documents: &[Document], registry: &Document) -> Option<i64> {
        let kind = crate::Kind::ImageRetentionPolicy;
        crate::installation::policies_for(documents, registry, kind)
            .into_iter()
            .filter_map(|policy| match &policy.spec {
                Spec::ImageRetentionPolicy(policy) => Some(policy.retention_days),
                _ => None,
            })
            .max()
    }

    /// The forecast for a registry: [`Self::FORMULA`]. Tagged images that a policy keeps for ever
    /// come on top.
    pub fn forecast(self, registry: &Document) -> Forecast {
        let images = self.images_per_day.max(0.0) * self.retention_days.max(0.0);
        let fresh = 1.0 - self.dedupe.clamp(0.0, 1.0);
        Forecast {
            images,
            bytes: images * self.image_bytes.max(0.0) * fresh,
            volume_bytes: volume_bytes(registry),
        }
    }
}

fn volume_bytes(registry: &Document) -> Option<u128> {
    let persistence = registry
        .spec
        .workload()?
        .persistence
        .filter(|volume| volume.enabled)?;
    Some(persistence.size.as_ref()?.value()?.bytes())
}

impl Forecast {
    /// Whether it fits on the volume; `None` where that isn't known.
    pub fn fits(&self) -> Option<bool> {
        #[expect(clippy::cast_precision_loss, reason = "a forecast needs no exact bytes")]
        self.volume_bytes.map(|volume| self.bytes <= volume as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, Source, read};

    #[test]
    fn the_forecast_follows_its_formula_and_knows_the_volume() {
        let text = "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: a}\n\
                    spec: {persistence: {size: 10Gi}}\n---\n\
                    apiVersion: berth.dev/v1\nkind: ImageRetentionPolicy\nmetadata: {name: b}\n\
                    spec: {retentionDays: 14}\n";
        let source = Source {
            name: "a".to_owned(),
            bytes: text.into(),
            format: Format::Yaml,
        };
        let documents = read(&[source]).documents;
        assert_eq!(
            ForecastInput::retention_days_for(&documents, &documents[0]),
            Some(14)
        );
        let input = ForecastInput {
            images_per_day: 10.0,
            image_bytes: 1e9,
            retention_days: 14.0,
            dedupe: 0.5,
        };
        let forecast = input.forecast(&documents[0]);
        assert!((forecast.bytes - 70e9).abs() < 1.0 && (forecast.images - 140.0).abs() < 1e-9);
        assert_eq!(
            (forecast.volume_bytes, forecast.fits()),
            (Some(10 << 30), Some(false))
        );
    }
}
