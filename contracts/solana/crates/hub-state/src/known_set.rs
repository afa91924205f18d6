use crate::layout::{open, write, WrongLayout};

/// A set that signed heights, or that one which is known named for them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KnownSet {
    /// The first height that it is known to sign.
    pub start_height: u64,
    /// An attested time at which it was in office: of the last height that it signed, or that named it.
    pub end_seconds: u64,
}

impl KnownSet {
    pub const KIND: &'static [u8; 8] = b"cwyhubks";
    pub const BYTES: usize = 96;
    /// Seeds of its address: this, the client's address, the set's hash.
    pub const SEED: &'static [u8] = b"set";

    /// Reads the account's data; its address says of which client and set it is.
    pub fn read(data: &[u8]) -> Result<Self, WrongLayout> {
        let mut reader = open(data, Self::KIND, Self::BYTES)?;
        reader.take(64)?;
        Ok(Self { start_height: reader.u64()?, end_seconds: reader.u64()? })
    }

    pub fn write(&self, data: &mut [u8], client: &[u8; 32], set_hash: &[u8; 32]) {
        let fields: [&[u8]; 4] =
            [client, set_hash, &self.start_height.to_le_bytes(), &self.end_seconds.to_le_bytes()];
        write(data, Self::KIND, &fields);
    }
}
