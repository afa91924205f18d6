use causeway_wire::Truncated;

/// Why a proof of the hub's state is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The proof ends before its content does, or goes on after it.
    Length,
    /// A key, store name or neighbour's key that is empty or too long.
    KeyLength,
    /// A value has to have at least one byte.
    EmptyValue,
    /// The proof is of a kind that does not prove this.
    Kind,
    /// A leaf's version is not one non-negative varint of 1 … 9 bytes.
    LeafVersion,
    /// An inner node does not begin as cosmos/iavl writes it, its height is below its layer, or its sibling
    /// is on the side on which it may not be.
    InnerNode,
    /// The key is not right of the left neighbour.
    NotRightOfLeft,
    /// The key is not left of the right neighbour.
    NotLeftOfRight,
    /// Where the neighbours' paths part, the right one leads to another node.
    NotAdjacent,
    /// The path in the simple tree is longer than one of stores can be, or has more sides than nodes.
    StorePath,
    /// The proof ends at a node that nothing proved before in this batch.
    NodeNotProven,
    /// The proof leads to another app hash.
    RootMismatch,
    /// More nodes to remember than a batch has room for.
    TooManyNodes,
}

impl ProofError {
    /// As a program's custom error: 200 and on.
    pub fn code(self) -> u32 {
        200 + self as u32
    }
}

impl From<Truncated> for ProofError {
    fn from(_: Truncated) -> Self {
        Self::Length
    }
}
