use crate::error::HubError;
use crate::message::{Absentee, Attestation, AttestorSet, Header};
use causeway_bls12381::{
    hash_to_g1, is_canonical_g1, is_signature, subtract_g2, verify_g1, verify_g2, Difference, G2,
};
use causeway_wire::sha256;

const TAG: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_";
const MESSAGE_PREFIX: &[u8] = b"causeway/attestation/v1";
const MESSAGE_BYTES: usize = 135;
/// A count of 32 bits makes 32 levels below the root.
const LEVELS_MAX: usize = 33;

/// That the header's attestation is signed by more than 2/3 of the header's set. That it is a set to rely
/// on, by its hash, is for the caller to judge. Source: docs/attestation.md.
#[inline(never)]
pub fn verify(header: &Header, chain_id_hash: &[u8; 32]) -> Result<(), HubError> {
    let key = signers_key(header)?;
    if !is_canonical_g1(header.signature) || !verify_g1(header.signature) || !verify_g2(&key) {
        return Err(HubError::WrongSignature);
    }
    let message = message_bytes(&header.attestation, chain_id_hash);
    let hashed = hash_to_g1(&message, TAG, header.hints)?;
    match is_signature(header.signature, &hashed, &key) {
        Some(true) => Ok(()),
        _ => Err(HubError::WrongSignature),
    }
}

/// The bytes that are signed.
fn message_bytes(attestation: &Attestation, chain_id_hash: &[u8; 32]) -> [u8; MESSAGE_BYTES] {
    let mut message = [0; MESSAGE_BYTES];
    message[..23].copy_from_slice(MESSAGE_PREFIX);
    message[23..55].copy_from_slice(chain_id_hash);
    message[55..].copy_from_slice(attestation.bytes);
    message
}

/// The aggregate key without the absentees' keys; refused unless what is left has the power.
#[inline(never)]
fn signers_key(header: &Header) -> Result<G2, HubError> {
    let set = &header.set;
    let mut tree = LeafTree { set, least: 0, proven: [[0; 32]; LEVELS_MAX] };
    let mut absent_power = 0u64;
    for absentee in header.absentees.clone() {
        tree.require(&absentee)?;
        absent_power = absent_power.checked_add(absentee.power).ok_or(HubError::AbsentPower)?;
    }
    if absent_power > set.total_power {
        return Err(HubError::AbsentPower);
    }
    // 3 · (total − absent) > 2 · total
    if absent_power.checked_mul(3).is_none_or(|absent| absent >= set.total_power) {
        return Err(HubError::TooLittlePower);
    }
    let mut key = *set.aggregate_key;
    for absentee in header.absentees.clone() {
        key = match subtract_g2(&key, absentee.key) {
            Some(Difference::Key(difference)) => difference,
            Some(Difference::Identity) => return Err(HubError::IdentityKey),
            None => return Err(HubError::AbsenteeNotInSet),
        };
    }
    Ok(key)
}

/// The tree of the set's leaves, as far as it is known.
struct LeafTree<'a> {
    set: &'a AttestorSet<'a>,
    /// The least index that the next absentee may have.
    least: u64,
    /// On each level, the last node that an absentee led through.
    proven: [[u8; 32]; LEVELS_MAX],
}

impl LeafTree<'_> {
    /// That this is a member of the set behind the one before. leaf = H(0x00 ‖ its 204 bytes).
    fn require(&mut self, absentee: &Absentee) -> Result<(), HubError> {
        if u64::from(absentee.index) < self.least {
            return Err(HubError::AbsenteeOrder);
        }
        if absentee.index >= self.set.count {
            return Err(HubError::AbsenteeIndex);
        }
        self.least = u64::from(absentee.index) + 1;
        let leaf = sha256(&[&[0], absentee.leaf]);
        if self.is_member(absentee.index, leaf, absentee.siblings) {
            Ok(())
        } else {
            Err(HubError::AbsenteeNotInSet)
        }
    }

    /// Whether `node` is the leaf of this index. The tree has the shape of RFC 9162 section 2.1 (split at the
    /// largest power of two below the count); the walk is that of its section 2.1.3.2.
    /// inner = H(0x01 ‖ left ‖ right). The siblings lead to the root, or to the first node that an absentee
    /// before led through.
    fn is_member(&mut self, index: u32, leaf: [u8; 32], siblings: &[u8]) -> bool {
        let (mut index, mut last, mut level, mut node) = (index, self.set.count - 1, 0, leaf);
        for sibling in siblings.chunks_exact(32) {
            if last == 0 {
                return false;
            }
            self.proven[level] = node;
            if index & 1 == 1 || index == last {
                node = sha256(&[&[1], sibling, &node]);
                // A node without a right sibling rises to the level where it is a right one
                while index & 1 == 0 && index != 0 {
                    index >>= 1;
                    last >>= 1;
                    level += 1;
                }
            } else {
                node = sha256(&[&[1], &node, sibling]);
            }
            index >>= 1;
            last >>= 1;
            level += 1;
        }
        if last == 0 {
            node == *self.set.leaf_root
        } else {
            node == self.proven[level]
        }
    }
}
