use causeway_wire::{Reader, Truncated};

/// The account is of another kind, version or length: not one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongLayout;

impl From<Truncated> for WrongLayout {
    fn from(_: Truncated) -> Self {
        Self
    }
}

const VERSION: [u8; 8] = [1, 0, 0, 0, 0, 0, 0, 0];

/// A reader behind the account's kind and version.
pub fn open<'a>(data: &'a [u8], kind: &[u8; 8], bytes: usize) -> Result<Reader<'a>, WrongLayout> {
    let mut reader = Reader::new(data);
    if data.len() != bytes || reader.array::<8>()? != kind || *reader.array::<8>()? != VERSION {
        return Err(WrongLayout);
    }
    Ok(reader)
}

/// Writes kind, version and fields, one after the other, from the account's begin.
pub fn write(data: &mut [u8], kind: &[u8; 8], fields: &[&[u8]]) {
    let mut at = 0;
    for field in [&kind[..], &VERSION[..]].iter().chain(fields) {
        data[at..at + field.len()].copy_from_slice(field);
        at += field.len();
    }
}
