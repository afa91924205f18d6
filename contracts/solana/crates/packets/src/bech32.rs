const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const PREFIX: &[u8; 5] = b"cway1";
/// What the checksum is after the expanded prefix "cway".
const PREFIX_CHECKSUM: u32 = 0x1775_3360;
const GENERATORS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
const ACCOUNT_BYTES: usize = 20;
/// Where the checksum's six characters begin.
const CHECKSUM: usize = PREFIX.len() + ACCOUNT_BYTES * 8 / 5;

/// Characters of an account of the hub.
pub const HUB_ACCOUNT_CHARACTERS: usize = CHECKSUM + 6;

/// An account of the hub as text, `cway1…`, as contracts/evm/src/vault/HubAddress.sol writes it. Spec:
/// BIP-173 (checksum constant 1).
#[inline(never)]
pub fn encode_hub_account(account: &[u8; ACCOUNT_BYTES]) -> [u8; HUB_ACCOUNT_CHARACTERS] {
    let mut text = [0u8; HUB_ACCOUNT_CHARACTERS];
    text[..PREFIX.len()].copy_from_slice(PREFIX);
    let mut checksum = PREFIX_CHECKSUM;
    // Five bytes are eight characters
    let places = text[PREFIX.len()..CHECKSUM].chunks_exact_mut(8);
    for (places, bytes) in places.zip(account.chunks_exact(5)) {
        let bits = bytes.iter().fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
        for (i, place) in places.iter_mut().enumerate() {
            let word = (bits >> (35 - 5 * i)) as u32 & 31;
            checksum = polymod(checksum, word);
            *place = ALPHABET[word as usize];
        }
    }
    for _ in CHECKSUM..HUB_ACCOUNT_CHARACTERS {
        checksum = polymod(checksum, 0);
    }
    checksum ^= 1;
    for (i, place) in text[CHECKSUM..].iter_mut().enumerate() {
        *place = ALPHABET[(checksum >> (25 - 5 * i)) as usize & 31];
    }
    text
}

/// One step of the BCH code over GF(32).
fn polymod(checksum: u32, word: u32) -> u32 {
    let top = checksum >> 25;
    let mut next = ((checksum & 0x1ff_ffff) << 5) ^ word;
    for (i, generator) in GENERATORS.iter().enumerate() {
        if top >> i & 1 == 1 {
            next ^= generator;
        }
    }
    next
}
