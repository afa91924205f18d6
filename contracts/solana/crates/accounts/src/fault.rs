use pinocchio::error::ProgramError;

/// Faults of accounts; numbers are append-only, and no other list uses those below 20.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Fault {
    /// Fewer accounts than the instruction takes.
    MissingAccount = 1,
    /// It had to sign.
    NotSigner = 2,
    /// Another program owns it, or none.
    WrongOwner = 3,
    /// Another magic, version or length.
    WrongLayout = 4,
    /// It is not where its seeds say.
    WrongAddress = 5,
    /// Another program than the one to be called.
    WrongProgram = 6,
    /// It exists already.
    AlreadyExists = 7,
    /// A number beyond its type.
    Overflow = 8,
    /// The instruction's bytes end too early, or too late.
    WrongLength = 9,
    /// No such instruction.
    UnknownInstruction = 10,
    /// It had to be writable.
    NotWritable = 11,
}

impl From<Fault> for ProgramError {
    fn from(fault: Fault) -> Self {
        ProgramError::Custom(fault as u32)
    }
}

/// An error unless the condition holds.
pub fn require(condition: bool, fault: impl Into<ProgramError>) -> Result<(), ProgramError> {
    if condition {
        Ok(())
    } else {
        Err(fault.into())
    }
}
