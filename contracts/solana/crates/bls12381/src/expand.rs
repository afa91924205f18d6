use causeway_wire::sha256;

/// `expand_message_xmd` with SHA-256 to 128 bytes: two strings of 64 uniform bytes.
/// Spec: RFC 9380, 5.3.1.
pub fn expand_message(message: &[u8], tag: &[u8]) -> [[u8; 64]; 2] {
    let tag_length = [tag.len() as u8];
    let first = sha256(&[&[0; 64], message, &[0, 128, 0], tag, &tag_length]);
    let mut uniform = [[0; 64]; 2];
    let mut block = [0; 32];
    for i in 0..4u8 {
        for (byte, other) in block.iter_mut().zip(&first) {
            *byte ^= other;
        }
        block = sha256(&[&block, &[i + 1], tag, &tag_length]);
        let half = usize::from(i % 2) * 32;
        uniform[usize::from(i / 2)][half..half + 32].copy_from_slice(&block);
    }
    uniform
}
