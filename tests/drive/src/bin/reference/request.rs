//! A request's head, as far as these programs need it.

use std::io::{self, BufRead};

pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) length: u64,
}

/// The next request's head; `None` where the client has gone.
pub(crate) fn read(from: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let method = line.split(' ').next().unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        if from.read_line(&mut line)? == 0 || line == "\r\n" {
            return Ok(Some(Request { method, length }));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
}
