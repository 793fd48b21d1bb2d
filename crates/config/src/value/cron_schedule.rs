use std::fmt;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use crate::value::{Parse, Refused};

/// When something happens again and again: the five fields of cron, `minute hour day month weekday`.
#[derive(Clone, PartialEq)]
pub struct CronSchedule {
    text: String,
    cron: Cron,
}

impl CronSchedule {
    /// The five fields as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parsed schedule, to ask it for times.
    pub const fn cron(&self) -> &Cron {
        &self.cron
    }

    /// Whether it fires in this minute. Where days of the month and of the week are both named, either will do.
    pub fn fires_in(&self, minute: jiff::civil::DateTime) -> bool {
        let pattern = &self.cron.pattern;
        let has = |values: Vec<u16>, value: i8| values.iter().any(|one| i32::from(*one) == i32::from(value));
        let weekday = minute.weekday().to_sunday_zero_offset();
        let by_day = has(pattern.days.values(), minute.day());
        let by_weekday = has(pattern.days_of_week.values(), weekday);
        let on_day = match (pattern.is_dom_wildcard(), pattern.is_dow_wildcard()) {
            (true, true) => true,
            (false, true) => by_day,
            (true, false) => by_weekday,
            (false, false) => by_day || by_weekday,
        };
        has(pattern.minutes.values(), minute.minute())
            && has(pattern.hours.values(), minute.hour())
            && has(pattern.months.values(), minute.month())
            && on_day
    }

    /// The minutes of the hour in which it fires.
    pub fn minutes(&self) -> Vec<u16> {
        self.cron.pattern.minutes.values()
    }

    /// The hours of the day in which it fires.
    pub fn hours(&self) -> Vec<u16> {
        self.cron.pattern.hours.values()
    }
}

impl fmt::Debug for CronSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CronSchedule({})", self.text)
    }
}

impl Parse for CronSchedule {
    const WHAT: &'static str = "a cron schedule such as 0 2 * * *";
    const CODE: &'static str = "K-016";
    const EXAMPLES: &'static [&'static str] = &["15 3 * * *", "30 4 * * 0"];
    const EMPTY: bool = true;

    fn parse(text: &str) -> Result<Self, Refused> {
        if text.starts_with('@') {
            return Err(nickname(text));
        }
        let fields = text.split_whitespace().count();
        if fields != 5 {
            return Err(wrong_count(text, fields));
        }
        if let Some(sign) = text
            .chars()
            .find(|sign| "?LW#".contains(*sign) && !is_in_name(text, *sign))
        {
            return Err(
                Refused::new(format!("`{sign}` is not of the cron that Kubernetes takes"))
                    .help("use numbers, names, `*`, `,`, `-` and `/`"),
            );
        }
        let cron = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build()
            .parse(text)
            .map_err(|error| {
                Refused::new(format!("`{text}` is not a cron schedule: {error}"))
                    .help("five fields: minute hour day month weekday, such as 0 2 * * *")
            })?;
        Ok(Self {
            text: text.to_owned(),
            cron,
        })
    }
}

fn nickname(text: &str) -> Refused {
    let fields = match text {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        _ => return Refused::new(format!("`{text}` is not a cron schedule")).help("such as 0 2 * * *"),
    };
    Refused::new(format!("`{text}` is not five fields")).help(format!("did you mean `{fields}`?"))
}

fn wrong_count(text: &str, fields: usize) -> Refused {
    let refused = Refused::new(format!("a cron schedule has five fields, this one has {fields}"));
    if fields == 6 {
        let five: Vec<&str> = text.split_whitespace().skip(1).collect();
        refused.help(format!(
            "leave out the seconds: `{}`",
            five.join(" ").replace('?', "*")
        ))
    } else {
        refused.help("minute hour day month weekday, such as 0 2 * * *")
    }
}

/// Whether a letter is part of a name such as `JUL` or `WED` wherever it stands.
fn is_in_name(text: &str, sign: char) -> bool {
    sign.is_ascii_alphabetic()
        && text
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| word.contains(sign))
            .all(|word| word.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_fields_are_a_schedule() {
        let schedule = CronSchedule::parse("*/30 2,14 * JUL WED").unwrap();
        assert_eq!((schedule.minutes(), schedule.hours()), (vec![0, 30], vec![2, 14]));
    }

    #[test]
    fn it_fires_in_its_minutes_alone() {
        let at = |text: &str, time: &str| CronSchedule::parse(text).unwrap().fires_in(time.parse().unwrap());
        assert!(at("15 3 * * *", "2026-11-25T03:15:40"));
        assert!(!at("15 3 * * *", "2026-11-25T03:16:00") && !at("15 3 * * *", "2026-11-25T04:15:00"));
        // A Wednesday.
        assert!(at("0 0 * * 3", "2026-11-25T00:00:00") && !at("0 0 * * 4", "2026-11-25T00:00:00"));
        assert!(at("0 0 1 * 3", "2026-11-25T00:00:00") && !at("0 0 1 * *", "2026-11-25T00:00:00"));
        assert!(!at("0 0 * 12 *", "2026-11-25T00:00:00"));
        assert!(at("0 0 * * 7", "2026-11-29T00:00:00"));
    }

    #[test]
    fn other_dialects_get_a_hint() {
        let help = |text| CronSchedule::parse(text).unwrap_err().help.unwrap();
        assert_eq!(help("0 0 2 * * ?"), "leave out the seconds: `0 2 * * *`");
        assert_eq!(help("@daily"), "did you mean `0 0 * * *`?");
        for wrong in [
            "0 2 L * *",
            "0 2 ? * *",
            "60 * * * *",
            "0 24 * * *",
            "0 2 * *",
            "0 2 15W * *",
            "a b c d e",
        ] {
            assert!(CronSchedule::parse(wrong).is_err(), "{wrong}");
        }
    }
}
