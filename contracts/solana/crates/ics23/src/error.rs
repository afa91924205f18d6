use causeway_wire::Truncated;

/// Why a proof of the hub's state is refused; numbers are append-only, from 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ProofError {
    /// The proof ends before its content does, or goes on after it.
    Length = 200,
    /// A key, store name or neighbour's key that is empty or too long.
    KeyLength = 201,
    /// A value has to have at least one byte.
    EmptyValue = 202,
    /// The proof is of a kind that does not prove this.
    Kind = 203,
    /// A leaf's version is not one non-negative varint of 1 … 9 bytes.
    LeafVersion = 204,
    /// An inner node does not begin as cosmos/iavl writes it, its height is below its layer, or its sibling
    /// is on the side on which it may not be.
    InnerNode = 205,
    /// The key is not right of the left neighbour.
    NotRightOfLeft = 206,
    /// The key is not left of the right neighbour.
    NotLeftOfRight = 207,
    /// Where the neighbours' paths part, the right one leads to another node.
    NotAdjacent = 208,
    /// The path in the simple tree is longer than one of stores can be, or has more sides than nodes.
    StorePath = 209,
    // 210 and 212 were of proofs in batches
    /// The proof leads to another app hash.
    RootMismatch = 211,
}

impl ProofError {
    /// As a program's custom error.
    pub fn code(self) -> u32 {
        self as u32
    }
}

impl From<Truncated> for ProofError {
    fn from(_: Truncated) -> Self {
        Self::Length
    }
}
