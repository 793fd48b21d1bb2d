use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Who is told of events.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

/// What events must come with.
pub(crate) const AUTHORIZATION: &str = "Bearer of the hook's \"own\" $ecret";

impl Listener {
    /// One on a free port, for as long as the tests run.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = Arc::clone(&told);
                std::thread::spawn(move || serve(&stream, &told));
            }
        });
        Self { address, heard }
    }

    /// Waits for the event of a push.
    pub(crate) fn hears_of(&self, digest: &str) -> Result<(), String> {
        for _ in 0..400 {
            let heard = self.heard.lock().unwrap();
            if heard
                .iter()
                .any(|event| event.contains(digest) && event.contains("\"push\""))
            {
                return Ok(());
            }
            drop(heard);
            std::thread::sleep(Duration::from_millis(25));
        }
        Err(format!(
            "no event of {digest}; heard {:?}",
            self.heard.lock().unwrap()
        ))
    }
}

/// Takes one request after the other from a connection; those without the right header are not heard.
fn serve(stream: &TcpStream, heard: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut length, mut authorized) = (0, false);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().unwrap(),
                "authorization" => authorized = value == AUTHORIZATION,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        if authorized {
            heard
                .lock()
                .unwrap()
                .push(String::from_utf8_lossy(&body).into_owned());
        }
        let mut answer = stream;
        if answer
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .is_err()
        {
            return;
        }
    }
}
