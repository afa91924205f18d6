use crate::layout::{open, write, WrongLayout};

/// An accepted state of the hub.
#[derive(Clone)]
pub struct ConsensusState {
    /// Address of the client that accepted it.
    pub client: [u8; 32],
    pub height: u64,
    /// The attested time, whole seconds.
    pub time_seconds: u64,
    /// The app hash in header `height`: proofs of the state after block `height` − 1 lead to it.
    pub app_hash: [u8; 32],
    pub next_set_hash: [u8; 32],
    /// The height that was the latest before; 0 unless this one was accepted above it.
    pub previous_height: u64,
    /// Who paid for the account.
    pub payer: [u8; 32],
}

impl ConsensusState {
    pub const KIND: &'static [u8; 8] = b"cwyhubcs";
    pub const BYTES: usize = 168;
    /// Seeds of its address: this, the client's address, BE64(height).
    pub const SEED: &'static [u8] = b"state";

    /// Reads the account's data. Whoever calls this has checked that the hub client's program owns it, and
    /// checks that `client` is the one it relies on.
    pub fn read(data: &[u8]) -> Result<Self, WrongLayout> {
        let mut reader = open(data, Self::KIND, Self::BYTES)?;
        Ok(Self {
            client: *reader.array()?,
            height: reader.u64()?,
            time_seconds: reader.u64()?,
            app_hash: *reader.array()?,
            next_set_hash: *reader.array()?,
            previous_height: reader.u64()?,
            payer: *reader.array()?,
        })
    }

    pub fn write(&self, data: &mut [u8]) {
        let fields: [&[u8]; 7] = [
            &self.client,
            &self.height.to_le_bytes(),
            &self.time_seconds.to_le_bytes(),
            &self.app_hash,
            &self.next_set_hash,
            &self.previous_height.to_le_bytes(),
            &self.payer,
        ];
        write(data, Self::KIND, &fields);
    }
}
