use pinocchio::error::ProgramError;

/// Faults of the vault; numbers are append-only, from 150.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Fault {
    /// Only a core calls this, by the account that it derives for the vault.
    NotCore = 150,
    /// The client's account has another layout.
    WrongClient = 151,
    /// Neither SPL Token nor Token-2022.
    WrongTokenProgram = 152,
    /// The mint, or an extension of it: fees, hooks, confidential transfers, delegates, anything unknown.
    MintRefused = 153,
    /// A line's own accounts are others.
    WrongLine = 154,
    /// Not an account of this token, or somebody else's.
    WrongTokenAccount = 155,
    /// The receiver has no associated account of this token yet: whoever relays creates it first.
    DestinationMissing = 156,
    /// The receiver's account takes nothing now.
    DestinationRefuses = 157,
    /// A deposit of nothing, or to nobody.
    BlankDeposit = 158,
    /// What arrived is not what was sent.
    AmountMismatch = 159,
    /// More than the line holds.
    EscrowExceeded = 160,
    /// An answer that is neither success nor the universal error.
    UnknownAcknowledgement = 161,
    /// The claim waits for its window.
    ClaimNotPayableYet = 162,
    /// The client that proved it is frozen or expired, or what it was proven under is contradicted.
    ClientInDoubt = 163,
    /// It stands: nothing to void.
    ClaimStands = 164,
    /// Exits need a retired client.
    ClientNotRetired = 165,
    /// The accounts are not the light client's, or not of its exit height.
    WrongLightClient = 166,
    /// The line is open for exits already.
    OpenAlready = 167,
    /// Exits of the line are not paid yet.
    NotOpenYet = 168,
    /// Nothing more is due to this owner.
    NothingLeft = 169,
    /// The rent goes back to whoever paid it.
    WrongRentPayer = 170,
    /// The core did not say which sequence it sent.
    NoSequence = 171,
    // 172 was told of an owner's text
}

impl From<Fault> for ProgramError {
    fn from(fault: Fault) -> Self {
        ProgramError::Custom(fault as u32)
    }
}
