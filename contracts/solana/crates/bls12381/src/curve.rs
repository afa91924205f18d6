use solana_define_syscall::definitions::{
    sol_curve_group_op, sol_curve_pairing_map, sol_curve_validate_point,
};

/// A point of G1: x ‖ y, affine, big-endian.
pub type G1 = [u8; 96];
/// A point of G2: x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0.
pub type G2 = [u8; 192];

/// What is left of a key when others are taken away.
pub enum Difference {
    Key(G2),
    Identity,
}

/// Identifiers of SIMD-0388, big-endian encodings.
const PAIRING: u64 = 0x84;
const G1_CURVE: u64 = 0x85;
const G2_CURVE: u64 = 0x86;
const ADD: u64 = 0;
const SUBTRACT: u64 = 1;
/// Of a first byte: compressed, identity, greater root. None of them is set in what a hub signs.
const FLAGS: u8 = 0xe0;
const IDENTITY_FLAG: u8 = 0x40;
/// 1 − x for the curve's parameter x = −0xd201000000010000. Spec: RFC 9380, 8.8.1 `h_eff`.
const COFACTOR: u64 = 0xd201_0000_0001_0001;
const PAIRING_BYTES: usize = 576;

const NEGATED_G2_GENERATOR: G2 =
    hex(b"13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e\
      024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8\
      13fa4d4a0ad8b1ce186ed5061789213d993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed\
      0d1b3cc2c7027888be51d9ef691d77bcb679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa");

/// Whether these are the bytes of an affine point, no flag among them. That both coordinates are below p,
/// and the point on the curve, is for `verify_g1`.
pub fn is_canonical_g1(point: &G1) -> bool {
    point[0] & FLAGS == 0 && point[48] & FLAGS == 0
}

/// Whether the point is on the curve and in the subgroup.
pub fn verify_g1(point: &G1) -> bool {
    // SAFETY: the syscall reads 96 bytes; it writes no result.
    unsafe { sol_curve_validate_point(G1_CURVE, point.as_ptr(), core::ptr::null_mut()) == 0 }
}

/// Whether the point is on the curve and in the subgroup.
pub fn verify_g2(point: &G2) -> bool {
    // SAFETY: the syscall reads 192 bytes; it writes no result.
    unsafe { sol_curve_validate_point(G2_CURVE, point.as_ptr(), core::ptr::null_mut()) == 0 }
}

/// a − b; nothing when one of them is no point of the curve.
pub fn subtract_g2(a: &G2, b: &G2) -> Option<Difference> {
    let mut result = [0; 192];
    // SAFETY: the syscall reads 192 bytes of each and writes 192.
    let code = unsafe { sol_curve_group_op(G2_CURVE, SUBTRACT, a.as_ptr(), b.as_ptr(), result.as_mut_ptr()) };
    if code != 0 {
        return None;
    }
    Some(if result[0] & IDENTITY_FLAG == 0 { Difference::Key(result) } else { Difference::Identity })
}

/// Whether e(signature, −G2) · e(hashed, key) = 1, that is: whether `signature` is the key's over what was
/// hashed; nothing when one of them is no point of its subgroup.
pub fn is_signature(signature: &G1, hashed: &G1, key: &G2) -> Option<bool> {
    let mut g1 = [0; 2 * 96];
    g1[..96].copy_from_slice(signature);
    g1[96..].copy_from_slice(hashed);
    let mut g2 = [0; 2 * 192];
    g2[..192].copy_from_slice(&NEGATED_G2_GENERATOR);
    g2[192..].copy_from_slice(key);
    let mut result = [0; PAIRING_BYTES];
    // SAFETY: the syscall reads two points of each group and writes 576 bytes.
    let code = unsafe { sol_curve_pairing_map(PAIRING, 2, g1.as_ptr(), g2.as_ptr(), result.as_mut_ptr()) };
    if code != 0 {
        return None;
    }
    let (last, others) = result.split_last()?;
    Some(*last == 1 && others.iter().all(|byte| *byte == 0))
}

/// The point times 1 − x, which is in the subgroup; nothing when it is not on the curve, or the identity.
/// By doublings and additions: the syscall that multiplies refuses what is not in the subgroup yet.
pub fn clear_cofactor(point: &G1) -> Option<G1> {
    let mut result = *point;
    for bit in (0..63).rev() {
        result = add_g1(&result, &result)?;
        if COFACTOR >> bit & 1 == 1 {
            result = add_g1(&result, point)?;
        }
    }
    (result[0] & IDENTITY_FLAG == 0).then_some(result)
}

fn add_g1(a: &G1, b: &G1) -> Option<G1> {
    let mut result = [0; 96];
    // SAFETY: the syscall reads 96 bytes of each and writes 96.
    let code = unsafe { sol_curve_group_op(G1_CURVE, ADD, a.as_ptr(), b.as_ptr(), result.as_mut_ptr()) };
    (code == 0).then_some(result)
}

const fn hex(text: &[u8; 384]) -> G2 {
    let mut bytes = [0; 192];
    let mut i = 0;
    while i < 192 {
        bytes[i] = digit(text[2 * i]) << 4 | digit(text[2 * i + 1]);
        i += 1;
    }
    bytes
}

const fn digit(character: u8) -> u8 {
    if character < b'a' {
        character - b'0'
    } else {
        character - b'a' + 10
    }
}
