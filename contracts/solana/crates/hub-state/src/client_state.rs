use crate::layout::{open, write, WrongLayout};
use crate::marks::{Marks, MARKS_BYTES};

/// ICS-02 status. Frozen prevails over Expired; neither ever ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Active,
    Frozen,
    Expired,
}

/// States that are contradicted are still to be taken back, see the client's instruction `take back`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitNotSettled;

/// How far a client of the hub is.
#[derive(Clone)]
pub struct ClientState {
    /// The greatest height with a state, and its attested time.
    pub latest_height: u64,
    pub latest_time_seconds: u64,
    pub trusting_period_seconds: u64,
    /// When it was frozen, or had expired if that was before; 0: it is not.
    pub frozen_at_seconds: u64,
    /// The last height that nothing contradicts, as far as states were taken back; see `settled_exit_height`.
    pub exit_height: u64,
    /// What the client began with.
    pub trusted_height: u64,
    pub trusted_time_seconds: u64,
    /// The first height that the set above the latest height is known to sign: all from here on.
    pub set_start: u64,
    /// The first height that the set before it is known to sign: all from here to before `set_start`.
    pub previous_set_start: u64,
    /// The least height at which a contradiction was proven; u64::MAX: none.
    pub contradicted_height: u64,
    pub chain_id_hash: [u8; 32],
    /// setHash of the set that signs the height above the latest.
    pub set_hash: [u8; 32],
    pub previous_set_hash: [u8; 32],
    /// Seed of the client's address: a hash of what it began with.
    pub id: [u8; 32],
}

impl ClientState {
    pub const KIND: &'static [u8; 8] = b"cwyhubcl";
    pub const BYTES: usize = 224 + MARKS_BYTES;

    /// Reads the account's data; whoever calls this has checked that the hub client's program owns it.
    pub fn read(data: &[u8]) -> Result<Self, WrongLayout> {
        let mut reader = open(data, Self::KIND, Self::BYTES)?;
        Ok(Self {
            latest_height: reader.u64()?,
            latest_time_seconds: reader.u64()?,
            trusting_period_seconds: reader.u64()?,
            frozen_at_seconds: reader.u64()?,
            exit_height: reader.u64()?,
            trusted_height: reader.u64()?,
            trusted_time_seconds: reader.u64()?,
            set_start: reader.u64()?,
            previous_set_start: reader.u64()?,
            contradicted_height: reader.u64()?,
            chain_id_hash: *reader.array()?,
            set_hash: *reader.array()?,
            previous_set_hash: *reader.array()?,
            id: *reader.array()?,
        })
    }

    /// Writes all but the marks.
    pub fn write(&self, data: &mut [u8]) {
        let fields: [&[u8]; 14] = [
            &self.latest_height.to_le_bytes(),
            &self.latest_time_seconds.to_le_bytes(),
            &self.trusting_period_seconds.to_le_bytes(),
            &self.frozen_at_seconds.to_le_bytes(),
            &self.exit_height.to_le_bytes(),
            &self.trusted_height.to_le_bytes(),
            &self.trusted_time_seconds.to_le_bytes(),
            &self.set_start.to_le_bytes(),
            &self.previous_set_start.to_le_bytes(),
            &self.contradicted_height.to_le_bytes(),
            &self.chain_id_hash,
            &self.set_hash,
            &self.previous_set_hash,
            &self.id,
        ];
        write(data, Self::KIND, &fields);
    }

    /// The marks, in the account's data.
    pub fn marks(data: &[u8]) -> Result<Marks<&[u8]>, WrongLayout> {
        data.get(224..Self::BYTES).map(Marks).ok_or(WrongLayout)
    }

    /// The marks, to be written.
    pub fn marks_mut(data: &mut [u8]) -> Result<Marks<&mut [u8]>, WrongLayout> {
        data.get_mut(224..Self::BYTES).map(Marks).ok_or(WrongLayout)
    }

    pub fn is_frozen(&self) -> bool {
        self.frozen_at_seconds != 0
    }

    /// The status at a time, and since when it has been no longer active: when it was frozen, or the instant
    /// it expired.
    pub fn status(&self, now_seconds: u64) -> (Status, u64) {
        if self.is_frozen() {
            return (Status::Frozen, self.frozen_at_seconds);
        }
        let expires = self.latest_time_seconds.saturating_add(self.trusting_period_seconds);
        if now_seconds >= expires {
            (Status::Expired, expires)
        } else {
            (Status::Active, 0)
        }
    }

    /// The height of the last accepted state that nothing contradicts: the one exit claims are proven under.
    /// Equal to the latest height unless the client is frozen. Only a client that has stopped has it.
    pub fn settled_exit_height(&self) -> Result<u64, ExitNotSettled> {
        if self.exit_height < self.contradicted_height || self.exit_height == self.trusted_height {
            Ok(self.exit_height)
        } else {
            Err(ExitNotSettled)
        }
    }
}
