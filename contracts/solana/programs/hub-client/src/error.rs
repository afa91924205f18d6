use causeway_bls12381::HintError;
use causeway_wire::Truncated;
use pinocchio::error::ProgramError;

/// Why the client refuses, as a custom error, beside the faults of accounts (crates/accounts). 300 + N is
/// what libs/light-clients calls `attestation/N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum HubError {
    /// Bytes that are not what the instruction takes: too few, too many.
    Malformed = 301,
    /// The set's preimage is not that of the set that signs this height.
    WrongSet = 306,
    /// An absentee's index is not above the one before.
    AbsenteeOrder = 307,
    /// An absentee's index is not below the count.
    AbsenteeIndex = 308,
    /// An absentee's leaf is not in the set.
    AbsenteeNotInSet = 309,
    /// The absentees have more power than the set.
    AbsentPower = 310,
    /// Three times the signed power does not exceed twice the total.
    TooLittlePower = 311,
    /// No signer is left, or what is left cancels out.
    IdentityKey = 312,
    /// The signature is not that of the signers over this attestation.
    WrongSignature = 313,
    Frozen = 320,
    Expired = 321,
    /// The attested time is not below the cluster's and what clocks may differ by.
    FromTheFuture = 322,
    /// The attested time is not above the cluster's without the trusting period.
    TooOld = 323,
    /// The height is below the first one that this set is known to sign.
    HeightBelowSet = 324,
    /// The two headers do not contradict each other.
    NoMisbehaviour = 325,
    /// What a client is made with: no chain id, a height below 2, or a time of 0.
    InvalidTrusted = 326,
    /// No set that the client knows, or one that it has not known for too long.
    SetNotTrusted = 328,
    /// What is attested of this height stands, or the lack of it: nothing more is heard.
    HeightStands = 329,
    /// An app hash or set hash of zeros.
    ZeroHash = 330,
    /// A height or time too far above the accepted ones.
    TooFarAhead = 331,
    /// The hints for hashing are not those of this attestation.
    WrongHints = 350,
    /// The state is another client's, or of another height, or somebody else paid for it.
    WrongState = 351,
    /// The client is not frozen, or the state at its exit height is one that stands.
    NothingToTakeBack = 352,
    /// The state may be asked for yet.
    StateInUse = 353,
}

impl From<HubError> for ProgramError {
    fn from(error: HubError) -> Self {
        Self::Custom(error as u32)
    }
}

impl From<Truncated> for HubError {
    fn from(_: Truncated) -> Self {
        Self::Malformed
    }
}

impl From<HintError> for HubError {
    fn from(_: HintError) -> Self {
        Self::WrongHints
    }
}
