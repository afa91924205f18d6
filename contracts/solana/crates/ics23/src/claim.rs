use crate::error::ProofError;
use crate::iavl_path::{climb, leaf, Node, Siblings, KEY_LENGTH_MAX};
use crate::simple_tree::climb_stores;
use causeway_wire::{sha256, Reader};

const EXISTENCE: u8 = 1;
const BETWEEN: u8 = 2;
const LEFT_OF_ALL: u8 = 3;
const RIGHT_OF_ALL: u8 = 4;

/// What a store has at a key, under an app hash.
pub struct Claim<'a> {
    pub app_hash: &'a Node,
    pub store: &'a [u8],
    pub key: &'a [u8],
    /// None: nothing.
    pub value: Option<&'a [u8]>,
}

impl Claim<'_> {
    /// An error unless the proof is one of this.
    #[inline(never)]
    pub fn require(&self, proof: &[u8]) -> Result<(), ProofError> {
        let mut proof = Reader::new(proof);
        let node = match self.value {
            Some(value) => self.climb_from_value(&mut proof, value)?,
            None => self.climb_round_key(&mut proof)?,
        };
        let app_hash = climb_stores(&mut proof, self.store, &node)?;
        proof.finish()?;
        if app_hash == *self.app_hash {
            Ok(())
        } else {
            Err(ProofError::RootMismatch)
        }
    }

    /// The store's root, from the leaf with this value.
    #[inline(never)]
    fn climb_from_value(&self, proof: &mut Reader, value: &[u8]) -> Result<Node, ProofError> {
        if value.is_empty() {
            return Err(ProofError::EmptyValue);
        }
        if proof.u8()? != EXISTENCE {
            return Err(ProofError::Kind);
        }
        let node = leaf(proof, self.key, &sha256(&[value]))?;
        Ok(climb_counted(proof, node, Siblings::Anywhere)?.0)
    }

    /// The store's root, from the neighbours that a key between them would have.
    #[inline(never)]
    fn climb_round_key(&self, proof: &mut Reader) -> Result<Node, ProofError> {
        let key = self.key;
        if key.is_empty() || key.len() > KEY_LENGTH_MAX {
            return Err(ProofError::KeyLength);
        }
        match proof.u8()? {
            BETWEEN => climb_between(proof, key),
            LEFT_OF_ALL => {
                let node = right_neighbour(proof, key)?;
                Ok(climb_counted(proof, node, Siblings::OnRight)?.0)
            }
            RIGHT_OF_ALL => {
                let node = left_neighbour(proof, key)?;
                Ok(climb_counted(proof, node, Siblings::OnLeft)?.0)
            }
            _ => Err(ProofError::Kind),
        }
    }
}

/// Both neighbours up to the node where their paths part, then on from there.
#[inline(never)]
fn climb_between(proof: &mut Reader, key: &[u8]) -> Result<Node, ProofError> {
    let right = right_neighbour(proof, key)?;
    let (right, right_count) = climb_counted(proof, right, Siblings::OnRight)?;
    let left = left_neighbour(proof, key)?;
    let (left, left_count) = climb_counted(proof, left, Siblings::OnLeft)?;
    let layer = right_count.max(left_count);
    let (node, sibling) = climb(proof, left, layer, 1, Siblings::OnRight)?;
    if sibling != right {
        return Err(ProofError::NotAdjacent);
    }
    let count = usize::from(proof.u8()?);
    Ok(climb(proof, node, layer + 1, count, Siblings::Anywhere)?.0)
}

/// From a leaf; the node and how many were climbed.
fn climb_counted(proof: &mut Reader, node: Node, siblings: Siblings) -> Result<(Node, usize), ProofError> {
    let count = usize::from(proof.u8()?);
    Ok((climb(proof, node, 0, count, siblings)?.0, count))
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
