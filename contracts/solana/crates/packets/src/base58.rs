/// Most characters that 32 bytes have.
const TEXT_BYTES_MAX: usize = 44;
const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// 58^5: five characters at once.
const FIVE: u64 = 656_356_768;
const GROUPS: usize = 9;

/// An address as text.
pub struct Base58Text {
    characters: [u8; GROUPS * 5],
    start: usize,
}

impl Base58Text {
    pub fn as_slice(&self) -> &[u8] {
        &self.characters[self.start..]
    }
}

/// Text of 32 bytes.
#[inline(never)]
pub fn encode_base58(bytes: &[u8; 32]) -> Base58Text {
    let mut limbs = read_limbs(bytes);
    let mut characters = [0u8; GROUPS * 5];
    for group in characters.chunks_exact_mut(5).rev() {
        let mut rest = 0u64;
        for limb in limbs.iter_mut() {
            let value = (rest << 32) | u64::from(*limb);
            *limb = (value / FIVE) as u32;
            rest = value % FIVE;
        }
        for character in group.iter_mut().rev() {
            *character = (rest % 58) as u8;
            rest /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let blanks = characters.iter().take_while(|digit| **digit == 0).count();
    for digit in characters.iter_mut() {
        *digit = ALPHABET[usize::from(*digit)];
    }
    Base58Text { characters, start: blanks - zeros }
}

/// The 32 bytes of a text; nothing for any text that `encode_base58` does not write.
#[inline(never)]
pub fn decode_base58(text: &[u8]) -> Option<[u8; 32]> {
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let mut limbs = [0u32; 8];
    for group in text.chunks(5) {
        let (mut factor, mut carry) = (1u64, 0u64);
        for character in group {
            factor *= 58;
            carry = carry * 58 + u64::from(digit_of(*character)?);
        }
        for limb in limbs.iter_mut().rev() {
            let value = u64::from(*limb) * factor + carry;
            *limb = value as u32;
            carry = value >> 32;
        }
        if carry != 0 {
            return None;
        }
    }
    let mut bytes = [0u8; 32];
    for (place, limb) in bytes.chunks_exact_mut(4).zip(limbs) {
        place.copy_from_slice(&limb.to_be_bytes());
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let ones = text.iter().take_while(|character| **character == b'1').count();
    if zeros == ones {
        Some(bytes)
    } else {
        None
    }
}

fn read_limbs(bytes: &[u8; 32]) -> [u32; 8] {
    let mut limbs = [0u32; 8];
    for (limb, place) in limbs.iter_mut().zip(bytes.chunks_exact(4)) {
        *limb = u32::from_be_bytes([place[0], place[1], place[2], place[3]]);
    }
    limbs
}

/// Place in the alphabet, which leaves out 0, I, O and l.
#[inline(never)]
fn digit_of(character: u8) -> Option<u8> {
    Some(match character {
        b'1'..=b'9' => character - b'1',
        b'A'..=b'H' => character - b'A' + 9,
        b'J'..=b'N' => character - b'J' + 17,
        b'P'..=b'Z' => character - b'P' + 22,
        b'a'..=b'k' => character - b'a' + 33,
        b'm'..=b'z' => character - b'm' + 44,
        _ => return None,
    })
}
