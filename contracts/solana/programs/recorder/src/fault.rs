use pinocchio::error::ProgramError;

/// Faults of the recorder; numbers are append-only, from 90.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Fault {
    /// Not an account of the vote program, or of a layout that this program does not know.
    NotVoteAccount = 90,
    /// No room for another voter: `grow` first.
    Full = 91,
    /// As large as it gets.
    LargestAlready = 92,
    /// There is room yet: it grows when it is full.
    NotFull = 93,
}

impl From<Fault> for ProgramError {
    fn from(fault: Fault) -> Self {
        ProgramError::Custom(fault as u32)
    }
}
