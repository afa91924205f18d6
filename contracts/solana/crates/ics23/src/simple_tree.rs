use crate::error::ProofError;
use crate::iavl_path::Node;
use causeway_wire::{sha256, Reader};

const NAME_LENGTH_MAX: usize = 127;
/// Levels of a tree of 65,536 stores.
const DEPTH_MAX: u8 = 16;

/// The app hash to which the rest of the proof leads: 1 byte number of siblings, 2 bytes sides (bit i set:
/// sibling i is on the left), siblings from the leaf upwards. leaf = H(00 ‖ length and name ‖ 20 ‖ H(root));
/// inner = H(01 ‖ left ‖ right). Source: ICS-23 TendermintSpec; cosmossdk.io/store v1.1 internal/maps.
pub fn climb_stores(proof: &mut Reader, name: &[u8], root: &Node) -> Result<Node, ProofError> {
    if name.is_empty() || name.len() > NAME_LENGTH_MAX {
        return Err(ProofError::KeyLength);
    }
    let count = proof.u8()?;
    let sides = proof.u16_be()?;
    if count > DEPTH_MAX || u32::from(sides) >> count != 0 {
        return Err(ProofError::StorePath);
    }
    let mut node = sha256(&[&[0, name.len() as u8], name, &[32], &sha256(&[root])]);
    for i in 0..count {
        let sibling = proof.array::<32>()?;
        let (left, right) = if sides >> i & 1 == 1 { (sibling, &node) } else { (&node, sibling) };
        node = sha256(&[&[1], left, right]);
    }
    Ok(node)
}
