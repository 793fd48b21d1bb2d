//! Takes whatever is sent: received on one thread, hashed and written on another, synced, answered.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::Result;
use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustix::fs::Advice;

use crate::request;

const PIECE: usize = 1 << 20;
/// Pieces between the two threads.
const AHEAD: usize = 4;
/// Bytes after which the disk is kept busy, so that the sync at the end finds little to do.
const WRITE_BACK: u64 = 8 << 20;

pub(crate) fn serve(listener: &TcpListener, folder: &Path) -> Result<()> {
    let number = AtomicU64::new(0);
    thread::scope(|scope| {
        loop {
            let (stream, _) = listener.accept()?;
            let number = &number;
            // A client that leaves early is no matter of the next one's.
            scope.spawn(move || converse(&stream, folder, number));
        }
    })
}

fn converse(stream: &TcpStream, folder: &Path, number: &AtomicU64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(64 << 10, stream);
    let mut writer = stream;
    while let Some(request) = request::read(&mut reader)? {
        if request.method == "POST" {
            writer.write_all(b"HTTP/1.1 202 Accepted\r\nlocation: /upload\r\ncontent-length: 0\r\n\r\n")?;
            continue;
        }
        let path = folder.join(format!("upload-{}", number.fetch_add(1, Ordering::Relaxed)));
        let hash = take(&mut reader, request.length, &path)?;
        let head = "HTTP/1.1 201 Created\r\ncontent-length: 0\r\n";
        writer.write_all(format!("{head}etag: {hash}\r\n\r\n").as_bytes())?;
        fs::remove_file(&path)?;
    }
    Ok(())
}

fn take(from: &mut impl Read, length: u64, path: &Path) -> io::Result<String> {
    thread::scope(|scope| {
        let (filled, pieces) = sync_channel(AHEAD);
        let (empty, free) = sync_channel(AHEAD + 2);
        for _ in 0..AHEAD + 2 {
            let _ = empty.send(vec![0; PIECE]);
        }
        let keeper = scope.spawn(move || keep(path, &pieces, &empty));
        let mut left = length;
        while left > 0 {
            let Ok(mut piece): Result<Vec<u8>, _> = free.recv() else {
                break;
            };
            piece.resize(usize::try_from(left).unwrap_or(PIECE).min(PIECE), 0);
            from.read_exact(&mut piece)?;
            left -= piece.len() as u64;
            let _ = filled.send(piece);
        }
        drop(filled);
        keeper
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the keeper panicked")))
    })
}

fn keep(path: &Path, pieces: &Receiver<Vec<u8>>, empty: &SyncSender<Vec<u8>>) -> io::Result<String> {
    let mut file = File::create(path)?;
    let mut hash = Context::new(&SHA256);
    let (mut written, mut begun) = (0, 0);
    for piece in pieces {
        file.write_all(&piece)?;
        written += piece.len() as u64;
        if written - begun >= WRITE_BACK {
            rustix::fs::fadvise(&file, begun, NonZeroU64::new(written - begun), Advice::DontNeed)?;
            begun = written;
        }
        hash.update(&piece);
        let _ = empty.try_send(piece);
    }
    file.sync_data()?;
    Ok(BASE64_STANDARD.encode(hash.finish()))
}
