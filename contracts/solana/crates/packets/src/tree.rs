//! The two trees of a client, depth 32, index = sequence − 1. Inner nodes hash 64 bytes and leaves 33, and
//! every path has 32 levels, so neither can pass for the other. Spec: docs/solana-light-client.md.
use crate::empty_subtrees::EMPTY_SUBTREES;
use crate::fault::Fault;
use crate::hash::hash;
use causeway_wire::Reader;

/// Levels between a leaf and the root.
pub const TREE_DEPTH: usize = 32;
/// What is at an index where nothing was written.
pub const EMPTY_LEAF: [u8; 32] = [0; 32];
/// A frontier: a node for each level.
pub const FRONTIER_BYTES: usize = TREE_DEPTH * 32;

/// Which tree: packets sent, or packets received with their acknowledgements.
#[derive(Clone, Copy, PartialEq)]
pub enum TreeKind {
    Commitments,
    Receipts,
}

/// Way from a leaf to the root; siblings that are roots of empty subtrees are left out.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    /// Bit i: the sibling at level i, counted from the leaves, is given.
    present: u32,
    /// 32 bytes each, lowest first.
    siblings: &'a [u8],
}

impl<'a> Path<'a> {
    /// The bits u32, then as many siblings as bits.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let present = reader.u32()?;
        let siblings = reader.take(present.count_ones() as usize * 32)?;
        Ok(Path { present, siblings })
    }
}

/// Leaf of a commitment: SHA-256 of 01 ‖ commitment.
pub fn commitment_leaf(commitment: &[u8; 32]) -> [u8; 32] {
    hash(&[&[1], commitment])
}

/// What the root account holds of a tree: no root passes for that of another tree or client.
pub fn tagged_root(kind: TreeKind, client_id: &[u8], root: &[u8; 32]) -> [u8; 32] {
    let tag: &[u8] = match kind {
        TreeKind::Commitments => b"causeway/commitments/v1",
        TreeKind::Receipts => b"causeway/receipts/v1",
    };
    hash(&[tag, client_id, root])
}

/// The root that a leaf of a sequence and its path give. A path has one form: a sibling that an empty
/// subtree has is refused.
#[inline(never)]
pub fn path_root(sequence: u64, leaf: &[u8; 32], path: &Path) -> Result<[u8; 32], Fault> {
    let index = index_of(sequence)?;
    let mut node = *leaf;
    let mut given = path.siblings.chunks_exact(32);
    for (level, empty) in EMPTY_SUBTREES.iter().enumerate() {
        let sibling: &[u8] = if (path.present >> level) & 1 == 0 {
            empty
        } else {
            let sibling = given.next().ok_or(Fault::BadPath)?;
            if sibling == empty {
                return Err(Fault::BadPath);
            }
            sibling
        };
        node = if (index >> level) & 1 == 0 { hash(&[&node, sibling]) } else { hash(&[sibling, &node]) };
    }
    Ok(node)
}

/// Appends a leaf behind `count` others: a hash for each trailing one of the count.
#[inline(never)]
pub fn append(count: u64, frontier: &mut [u8], leaf: &[u8; 32]) -> Result<(), Fault> {
    let count = u32::try_from(count).map_err(|_| Fault::TreeFull)?;
    let mut node = *leaf;
    let level = count.trailing_ones() as usize;
    // The very last leaf would leave no frontier to write to: it is not taken
    if level == TREE_DEPTH {
        return Err(Fault::TreeFull);
    }
    for sibling in frontier.chunks_exact(32).take(level) {
        node = hash(&[sibling, &node]);
    }
    frontier[level * 32..(level + 1) * 32].copy_from_slice(&node);
    Ok(())
}

/// Root of the tree of `count` leaves: 32 hashes.
pub fn frontier_root(count: u64, frontier: &[u8]) -> [u8; 32] {
    let mut node = EMPTY_LEAF;
    for (level, (sibling, empty)) in frontier.chunks_exact(32).zip(&EMPTY_SUBTREES).enumerate() {
        node = if (count >> level) & 1 == 1 { hash(&[sibling, &node]) } else { hash(&[&node, empty]) };
    }
    node
}

fn index_of(sequence: u64) -> Result<u32, Fault> {
    let index = sequence.checked_sub(1).ok_or(Fault::ZeroSequence)?;
    u32::try_from(index).map_err(|_| Fault::OutsideTree)
}
