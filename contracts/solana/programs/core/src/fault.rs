use pinocchio::error::ProgramError;

/// Faults of the core; numbers are append-only, from 100.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Fault {
    /// A counterparty's id has 8 to 64 bytes of UTF-8.
    InvalidCounterpartyId = 100,
    /// A port's name has 1 to 32 characters.
    InvalidPort = 101,
    /// The packet names another client at the other end than the one that was registered.
    WrongCounterparty = 102,
    /// The packet names another client here than the account.
    WrongClient = 103,
    /// Only the application on a port sends from it.
    NotApplication = 104,
    /// The timeout is past, here or at what was last seen of the other chain.
    TimeoutElapsed = 105,
    /// A timeout lies at most 24 hours ahead.
    TimeoutTooFar = 106,
    /// What was proven is of a time before the timeout.
    TimeoutNotReached = 107,
    /// The light client is frozen or expired.
    ClientNotActive = 108,
    /// The client was declared dead.
    ClientRetired = 109,
    /// The light client has to be frozen or expired for 14 days first.
    ClientNotDeadLongEnough = 110,
    /// The accounts are not the light client's, or not of this one.
    WrongLightClient = 111,
    /// A retired client stands for nothing but its exit height.
    WrongHeight = 112,
    /// The path of the receipt does not lead to the root: the tree has changed, or it is another's.
    StaleReceiptPath = 113,
    /// The packet that stands there has another commitment.
    CommitmentMismatch = 114,
    /// None of the accounts given is that of the next packet.
    PacketAccountMissing = 115,
    /// The application gave no answer, or one that is not its own.
    InvalidAcknowledgement = 116,
    /// The application on a dead hub's port refused: it would never hear of it.
    Refused = 117,
    /// The rent goes back to whoever paid it.
    WrongRentPayer = 118,
    /// The light client has states above its exit height still to take back.
    ExitNotSettled = 119,
    /// Only over a retired client.
    ClientNotRetired = 120,
    /// Events are the core's own.
    ForeignEvent = 121,
    /// A packet's value has at most 8 KiB.
    PacketTooLong = 122,
}

impl From<Fault> for ProgramError {
    fn from(fault: Fault) -> Self {
        ProgramError::Custom(fault as u32)
    }
}
