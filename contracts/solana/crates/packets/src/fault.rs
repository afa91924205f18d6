use causeway_wire::Truncated;
use pinocchio::error::ProgramError;

/// Faults of packets and trees; numbers are append-only, from 20.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Fault {
    /// The message ends too early, or too late.
    Truncated = 20,
    /// Sequences begin with 1.
    ZeroSequence = 21,
    /// A port, version, encoding or value is empty.
    BlankField = 22,
    /// More siblings than the bits say, or one that an empty subtree has.
    BadPath = 23,
    /// A sequence outside the tree.
    OutsideTree = 24,
    /// All 2^32 leaves are taken.
    TreeFull = 25,
    /// Not a transfer of ICS-20 in ABI.
    MalformedTransfer = 26,
    /// A port, version or encoding is not UTF-8.
    NotText = 27,
}

impl From<Fault> for ProgramError {
    fn from(fault: Fault) -> Self {
        ProgramError::Custom(fault as u32)
    }
}

impl From<Truncated> for Fault {
    fn from(_: Truncated) -> Self {
        Fault::Truncated
    }
}
