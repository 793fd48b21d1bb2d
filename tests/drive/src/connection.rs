//! One HTTP/1.1 connection over TCP or TLS: no pool, no retry, so that what is measured and judged is the server.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use std::{error, fmt};

use anyhow::{Context as _, Result, bail};

use crate::stream::{Stream, Trust};

const BUFFER: usize = 256 * 1024;
/// How long a server may keep silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is kept alive between requests.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<Stream>,
    authority: String,
    open: bool,
}

/// What a request carries.
pub enum Body<'a> {
    /// Nothing.
    Empty,
    /// These bytes.
    Bytes(&'a [u8]),
    /// As many bytes as said, from a reader.
    Stream(u64, &'a mut dyn Read),
}

/// The answer's status and header fields; names are in lower case.
#[derive(Debug, Clone)]
pub struct Head {
    /// The status code.
    pub status: u16,
    fields: Vec<(String, String)>,
}

/// An answer with a status that wasn't asked for.
#[derive(Debug)]
pub struct Unexpected {
    /// The status code.
    pub status: u16,
    /// What was asked, and what the answer said.
    pub detail: String,
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: status {}", self.detail, self.status)
    }
}

impl error::Error for Unexpected {}

impl Head {
    /// The value of a field, by its name in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// The path and query of the Location, which may be a whole URL.
    pub fn location(&self) -> Option<&str> {
        let location = self.field("location")?;
        match location.split_once("://") {
            Some((_, rest)) => rest.find('/').map(|slash| &rest[slash..]),
            None => Some(location),
        }
    }
}

impl Connection {
    /// Connects to a server.
    pub fn open(address: SocketAddr) -> Result<Self> {
        Self::open_over(address, None)
    }

    /// The same, over TLS where it is said whom to trust.
    pub(crate) fn open_over(address: SocketAddr, trust: Option<&Trust>) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let stream = Stream::over(stream, address, trust)?;
        Ok(Self {
            stream: BufReader::with_capacity(BUFFER, stream),
            authority: address.to_string(),
            open: true,
        })
    }

    /// Whether another request can be sent.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Sends a request, and writes the body of the answer to `to`.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: Body<'_>,
        to: &mut dyn Write,
    ) -> Result<Head> {
        self.open = false;
        // A server may answer, and close, before it has read the whole body: its answer counts, not the broken pipe.
        let sent = self.send(method, path, fields, body);
        let head = match self.read_head() {
            Ok(head) => head,
            Err(error) => {
                return Err(sent.err().unwrap_or(error)).with_context(|| format!("{method} {path}"));
            }
        };
        let whole = self
            .read_body(method, &head, to)
            .with_context(|| format!("the answer to {method} {path}"))?;
        self.open = whole && sent.is_ok() && head.field("connection") != Some("close");
        Ok(head)
    }

    fn send(&mut self, method: &str, path: &str, fields: &[(&str, &str)], body: Body<'_>) -> Result<()> {
        use std::fmt::Write as _;
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.authority);
        for (name, value) in fields {
            write!(text, "{name}: {value}\r\n")?;
        }
        let length = match &body {
            Body::Empty => 0,
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Stream(length, _) => *length,
        };
        if length > 0 || !matches!(method, "GET" | "HEAD") {
            write!(text, "content-length: {length}\r\n")?;
        }
        text.push_str("\r\n");
        let mut out = text.into_bytes();
        let stream = self.stream.get_mut();
        match body {
            Body::Empty => stream.write_all(&out)?,
            Body::Bytes(bytes) => {
                out.extend_from_slice(bytes);
                stream.write_all(&out)?;
            }
            Body::Stream(_, from) => {
                stream.write_all(&out)?;
                copy(from, stream)?;
            }
        }
        stream.flush()?;
        Ok(())
    }

    fn read_head(&mut self) -> Result<Head> {
        let line = self.read_line()?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status: u16 = status.with_context(|| format!("not a status line: {line:?}"))?;
        let mut fields = Vec::new();
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(':')
                .with_context(|| format!("not a header field: {line:?}"))?;
            fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if status == 100 {
            self.read_head()
        } else {
            Ok(Head { status, fields })
        }
    }

    /// Whether the end of the body is known, so that the connection can be used again.
    fn read_body(&mut self, method: &str, head: &Head, to: &mut dyn Write) -> Result<bool> {
        if method == "HEAD" || matches!(head.status, 204 | 304) {
            return Ok(true);
        }
        if head.field("transfer-encoding") == Some("chunked") {
            self.read_chunks(to)?;
            return Ok(true);
        }
        let Some(length) = head.field("content-length") else {
            io::copy(&mut self.stream, to)?;
            return Ok(false);
        };
        self.pass_on(
            length
                .parse()
                .with_context(|| format!("content-length {length:?}"))?,
            to,
        )?;
        Ok(true)
    }

    fn read_chunks(&mut self, to: &mut dyn Write) -> Result<()> {
        loop {
            let line = self.read_line()?;
            let size = line.split(';').next().unwrap_or_default();
            let size = u64::from_str_radix(size, 16).with_context(|| format!("a chunk of size {size:?}"))?;
            self.pass_on(size, to)?;
            self.read_line()?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn pass_on(&mut self, mut length: u64, to: &mut dyn Write) -> Result<()> {
        while length > 0 {
            let bytes = self.stream.fill_buf()?;
            if bytes.is_empty() {
                bail!("the connection ended {length} bytes early");
            }
            let take = usize::try_from(length).unwrap_or(usize::MAX).min(bytes.len());
            to.write_all(&bytes[..take])?;
            self.stream.consume(take);
            length -= take as u64;
        }
        Ok(())
    }

    fn read_line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(line.trim_end().to_owned())
    }
}

fn copy(from: &mut dyn Read, to: &mut Stream) -> Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            count => to.write_all(&buffer[..count])?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_may_be_a_whole_url() {
        let path = "/v2/a/blobs/uploads/1?_state=x";
        for location in [path.to_owned(), format!("http://127.0.0.1:5000{path}")] {
            let head = Head {
                status: 202,
                fields: vec![("location".to_owned(), location)],
            };
            assert_eq!(head.location(), Some(path));
        }
    }
}
