//! Gives one file to whoever asks for anything.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;

use crate::request;

/// How the bytes get from the file to the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// By the kernel alone.
    SendFile,
    /// By a read and a write of each piece.
    Write,
}

const PIECE: usize = 1 << 20;

pub(crate) fn serve(listener: &TcpListener, path: &Path, way: Way) {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    // A client that leaves early is no matter of the next one's.
                    let _ = listener
                        .accept()
                        .and_then(|(stream, _)| answer(&stream, path, way));
                }
            });
        }
    });
}

fn answer(stream: &TcpStream, path: &Path, way: Way) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    if request::read(&mut reader)?.is_none() {
        return Ok(());
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n");
    let mut writer = stream;
    writer.write_all(head.as_bytes())?;
    match way {
        Way::SendFile => send(stream, &file, size),
        Way::Write => write(stream, &file, size),
    }
}

fn send(stream: &TcpStream, file: &File, size: u64) -> io::Result<()> {
    let mut offset = 0;
    while offset < size {
        if rustix::fs::sendfile(stream, file, Some(&mut offset), PIECE)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn write(mut stream: &TcpStream, file: &File, size: u64) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
    let mut offset = 0;
    while offset < size {
        let read = file.read_at(&mut buffer, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        stream.write_all(&buffer[..read])?;
        offset += read as u64;
    }
    Ok(())
}
