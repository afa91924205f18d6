use crate::error::ProofError;
use crate::iavl_path::{climb, leaf, Node, Siblings, KEY_LENGTH_MAX};
use crate::simple_tree::climb_stores;
use causeway_wire::{sha256, Reader};

const EXISTENCE: u8 = 1;
const BETWEEN: u8 = 2;
const LEFT_OF_ALL: u8 = 3;
const RIGHT_OF_ALL: u8 = 4;
const NODES_MAX: usize = 32;

/// Proofs in one store under one app hash. Many share their upper nodes: a later one may end at a node that
/// an earlier one led through and was told to remember. Sound, because a node counts as proven only once the
/// proof that it is in has been verified up to the app hash, and for this store and app hash only.
pub struct ProofBatch<'a> {
    app_hash: &'a Node,
    store: &'a [u8],
    nodes: Nodes,
}

/// The first `proven` of them are proven; the rest is of the proof that is being read.
struct Nodes {
    hashes: [Node; NODES_MAX],
    proven: usize,
    count: usize,
}

struct Claim<'a> {
    key: &'a [u8],
    value: &'a [u8],
    proof: &'a [u8],
}

impl Nodes {
    fn remember(&mut self, node: &Node) -> Result<(), ProofError> {
        *self.hashes.get_mut(self.count).ok_or(ProofError::TooManyNodes)? = *node;
        self.count += 1;
        Ok(())
    }

    fn is_proven(&self, node: &Node) -> bool {
        self.hashes[..self.proven].contains(node)
    }
}

impl<'a> ProofBatch<'a> {
    pub fn new(app_hash: &'a Node, store: &'a [u8]) -> Self {
        Self { app_hash, store, nodes: Nodes { hashes: [[0; 32]; NODES_MAX], proven: 0, count: 0 } }
    }

    /// That the store has exactly `value` at `key`.
    #[inline(always)] // a function of this machine has five arguments at most; a slice is two
    pub fn verify_membership(&mut self, key: &[u8], value: &[u8], proof: &[u8]) -> Result<(), ProofError> {
        self.membership(&Claim { key, value, proof })
    }

    /// That the store has nothing at `key`.
    #[inline(always)]
    pub fn verify_non_membership(&mut self, key: &[u8], proof: &[u8]) -> Result<(), ProofError> {
        self.absence(&Claim { key, value: &[], proof })
    }

    #[inline(never)]
    fn membership(&mut self, &Claim { key, value, proof }: &Claim) -> Result<(), ProofError> {
        if value.is_empty() {
            return Err(ProofError::EmptyValue);
        }
        let mut proof = Reader::new(proof);
        if proof.u8()? != EXISTENCE {
            return Err(ProofError::Kind);
        }
        self.nodes.count = self.nodes.proven;
        let node = leaf(&mut proof, key, &sha256(&[value]))?;
        let (node, _) = self.climb_counted(&mut proof, node, Siblings::Anywhere)?;
        self.finish(proof, &node, true)
    }

    #[inline(never)]
    fn absence(&mut self, &Claim { key, proof, .. }: &Claim) -> Result<(), ProofError> {
        if key.is_empty() || key.len() > KEY_LENGTH_MAX {
            return Err(ProofError::KeyLength);
        }
        let mut proof = Reader::new(proof);
        let kind = proof.u8()?;
        self.nodes.count = self.nodes.proven;
        let node = match kind {
            BETWEEN => self.climb_between(&mut proof, key)?,
            LEFT_OF_ALL => {
                let node = right_neighbour(&mut proof, key)?;
                self.climb_counted(&mut proof, node, Siblings::OnRight)?.0
            }
            RIGHT_OF_ALL => {
                let node = left_neighbour(&mut proof, key)?;
                self.climb_counted(&mut proof, node, Siblings::OnLeft)?.0
            }
            _ => return Err(ProofError::Kind),
        };
        self.finish(proof, &node, kind == BETWEEN)
    }

    /// Both neighbours up to the node where their paths part, then on from there.
    #[inline(never)]
    fn climb_between(&mut self, proof: &mut Reader, key: &[u8]) -> Result<Node, ProofError> {
        let right = right_neighbour(proof, key)?;
        let (right, right_count) = self.climb_counted(proof, right, Siblings::OnRight)?;
        let left = left_neighbour(proof, key)?;
        let (left, left_count) = self.climb_counted(proof, left, Siblings::OnLeft)?;
        let layer = right_count.max(left_count);
        let (node, sibling) = self.climb(proof, left, layer, 1, Siblings::OnRight)?;
        if sibling != right {
            return Err(ProofError::NotAdjacent);
        }
        let count = usize::from(proof.u8()?);
        Ok(self.climb(proof, node, layer + 1, count, Siblings::Anywhere)?.0)
    }

    /// From a leaf; the node and how many were climbed.
    fn climb_counted(
        &mut self,
        proof: &mut Reader,
        node: Node,
        siblings: Siblings,
    ) -> Result<(Node, usize), ProofError> {
        let count = usize::from(proof.u8()?);
        Ok((self.climb(proof, node, 0, count, siblings)?.0, count))
    }

    fn climb(
        &mut self,
        proof: &mut Reader,
        node: Node,
        layer: usize,
        count: usize,
        siblings: Siblings,
    ) -> Result<(Node, Node), ProofError> {
        let nodes = &mut self.nodes;
        climb(proof, node, layer, count, siblings, &mut |node| nodes.remember(node))
    }

    /// The rest of the proof: nothing behind a node that is proven already, or the way to the app hash.
    fn finish(&mut self, mut proof: Reader, node: &Node, may_be_known: bool) -> Result<(), ProofError> {
        if may_be_known && proof.remaining() == 0 {
            if !self.nodes.is_proven(node) {
                return Err(ProofError::NodeNotProven);
            }
        } else {
            let app_hash = climb_stores(&mut proof, self.store, node)?;
            proof.finish()?;
            if app_hash != *self.app_hash {
                return Err(ProofError::RootMismatch);
            }
        }
        self.nodes.proven = self.nodes.count;
        Ok(())
    }
}

fn right_neighbour(proof: &mut Reader, key: &[u8]) -> Result<Node, ProofError> {
    let (neighbour, value_hash) = read_neighbour(proof)?;
    if key >= neighbour {
        return Err(ProofError::NotLeftOfRight);
    }
    leaf(proof, neighbour, value_hash)
}

fn left_neighbour(proof: &mut Reader, key: &[u8]) -> Result<Node, ProofError> {
    let (neighbour, value_hash) = read_neighbour(proof)?;
    if neighbour >= key {
        return Err(ProofError::NotRightOfLeft);
    }
    leaf(proof, neighbour, value_hash)
}

fn read_neighbour<'a>(proof: &mut Reader<'a>) -> Result<(&'a [u8], &'a Node), ProofError> {
    let length = proof.u16_be()?;
    let key = proof.take(usize::from(length))?;
    Ok((key, proof.array()?))
}
