//! Bytes as the programs read, write and hash them: fixed layouts, every read bounded, nothing allocated.
#![no_std]

mod hash;
mod reader;

pub use hash::sha256;
pub use reader::{Reader, Truncated};
