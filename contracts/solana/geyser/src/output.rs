use std::{
    fs::File,
    io::{self, BufWriter, Write},
    sync::{Mutex, MutexGuard},
};

use crate::records::{ACCOUNT, TRANSACTION};

/// A record's payload at most; the readers' limit too.
const PAYLOAD_BYTES_MAX: usize = 16 << 20;
const BUFFER_BYTES: usize = 1 << 20;

/// The file. Records of different threads follow one another whole.
#[derive(Debug)]
pub struct Output {
    file: Mutex<BufWriter<File>>,
}

impl Output {
    /// A new file; fails where there is one.
    pub fn create(path: &str) -> io::Result<Self> {
        let file = File::create_new(path)?;
        Ok(Self { file: Mutex::new(BufWriter::with_capacity(BUFFER_BYTES, file)) })
    }

    /// Writes one record. Readers see it when the slot's next status is told, at the latest.
    pub fn write(&self, tag: u8, payload: &[u8]) {
        if payload.len() > PAYLOAD_BYTES_MAX {
            stop(&format!("a record {tag} of {} bytes", payload.len()))
        }
        let mut file = self.lock();
        let length = (payload.len() as u32).to_le_bytes();
        let written = file
            .write_all(&[tag])
            .and_then(|()| file.write_all(&length))
            .and_then(|()| file.write_all(payload))
            .and_then(|()| if matches!(tag, ACCOUNT | TRANSACTION) { Ok(()) } else { file.flush() });
        if let Err(error) = written {
            stop(&error.to_string())
        }
    }

    /// Writes what is still in memory.
    pub fn flush(&self) {
        if let Err(error) = self.lock().flush() {
            stop(&error.to_string())
        }
    }

    fn lock(&self) -> MutexGuard<'_, BufWriter<File>> {
        self.file.lock().unwrap_or_else(|_| stop("a thread ended while it wrote"))
    }
}

/// Ends the validator: a record that is missing is worse than a node that stands.
pub fn stop(why: &str) -> ! {
    eprintln!("causeway-geyser: {why}: the validator stops, for the records would have a gap");
    std::process::abort()
}
