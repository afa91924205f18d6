use crate::error::ProofError;
use causeway_wire::{sha256, Reader};

/// A node's hash.
pub type Node = [u8; 32];

/// Which side the siblings of a path have to be on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Siblings {
    Anywhere,
    OnLeft,
    OnRight,
}

/// Its length as a varint has two bytes at most.
pub const KEY_LENGTH_MAX: usize = 16_383;
const HASH_LENGTH: &[u8] = &[32];
const CONTINUES: u8 = 0x80;
const LEFT: u8 = 0x80;
const UNUSED: u8 = 0x70;

/// Hash of the leaf with this key: H(00 ‖ 02 ‖ version ‖ length and key ‖ 20 ‖ H(value)). Its version is
/// read from the proof.
pub fn leaf(proof: &mut Reader, key: &[u8], value_hash: &Node) -> Result<Node, ProofError> {
    if key.is_empty() || key.len() > KEY_LENGTH_MAX {
        return Err(ProofError::KeyLength);
    }
    let length = proof.u8()?;
    let version = proof.take(usize::from(length))?;
    let ends = version.iter().filter(|byte| **byte & CONTINUES == 0).count();
    // One varint: only the last byte ends it; an even one (zigzag: odd is negative)
    let is_version = match (version.first(), version.last()) {
        (Some(first), Some(last)) => first & 1 == 0 && last & CONTINUES == 0 && ends == 1 && length <= 9,
        _ => false,
    };
    if !is_version {
        return Err(ProofError::LeafVersion);
    }
    let long = [key.len() as u8 & 0x7f | CONTINUES, (key.len() >> 7) as u8];
    let short = [key.len() as u8];
    let key_length: &[u8] = if key.len() < 128 { &short } else { &long };
    Ok(sha256(&[&[0, 2], version, key_length, key, HASH_LENGTH, value_hash]))
}

/// An inner node of the proof, with its parent side checked.
struct Inner<'a> {
    is_sibling_left: bool,
    fields: &'a [u8],
    sibling: &'a Node,
}

/// Climbs `count` inner nodes from `node`, which is on `layer`; the last one and its sibling below.
pub fn climb(
    proof: &mut Reader,
    mut node: Node,
    layer: usize,
    count: usize,
    siblings: Siblings,
) -> Result<(Node, Node), ProofError> {
    let mut last_sibling = [0; 32];
    for i in 0..count {
        let inner = read_inner(proof, layer + i + 1)?;
        let is_side_right = match siblings {
            Siblings::Anywhere => true,
            Siblings::OnLeft => inner.is_sibling_left,
            Siblings::OnRight => !inner.is_sibling_left,
        };
        if !is_side_right {
            return Err(ProofError::InnerNode);
        }
        let (left, right) =
            if inner.is_sibling_left { (inner.sibling, &node) } else { (&node, inner.sibling) };
        node = sha256(&[inner.fields, HASH_LENGTH, left, HASH_LENGTH, right]);
        last_sibling = *inner.sibling;
    }
    Ok((node, last_sibling))
}

/// 1 byte ‖ height, size, version ‖ sibling. A node's preimage is put together from its fields, so that most
/// of what a verifier of ICS-23 has to check about prefixes and suffixes can't be expressed: one sibling, on
/// one side; both children with their length byte; SHA-256. What remains: 3 … 11 bytes of fields (ICS-23's
/// prefix length 4 … 12 counts the first length byte), which are three non-negative zigzag varints; and a
/// height that is at least its layer, so that a leaf (height 0) can't pass for an inner node.
/// Source: ics23 go/ops.go at v0.11.0 (validateIavlOps, CheckAgainstSpec). DIFFERS FROM SPEC: the height has
/// one byte (63 and less), cosmos/iavl writes nothing else.
fn read_inner<'a>(proof: &mut Reader<'a>, layer: usize) -> Result<Inner<'a>, ProofError> {
    let head = proof.u8()?;
    let length = usize::from(head & 0x0f);
    if head & UNUSED != 0 || !(3..=11).contains(&length) {
        return Err(ProofError::InnerNode);
    }
    let fields = proof.take(length)?;
    let height = fields[0];
    let is_height = height & (CONTINUES | 1) == 0 && usize::from(height) >= 2 * layer;
    if !is_height || !are_two_numbers(&fields[1..]) {
        return Err(ProofError::InnerNode);
    }
    let sibling = proof.array::<32>()?;
    Ok(Inner { is_sibling_left: head & LEFT != 0, fields, sibling })
}

/// Whether the bytes are two varints, both even.
fn are_two_numbers(bytes: &[u8]) -> bool {
    let mut numbers = 0;
    let mut is_begin = true;
    for byte in bytes {
        if is_begin {
            numbers += 1;
            if byte & 1 == 1 {
                return false;
            }
        }
        is_begin = byte & CONTINUES == 0;
    }
    numbers == 2 && is_begin
}
