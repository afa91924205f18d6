use crate::message::Attestation;
use solana_define_syscall::definitions::sol_log_data;

/// A state was accepted: "accepted", client, the attestation's 80 bytes.
pub fn accepted(client: &[u8; 32], attestation: &Attestation) {
    emit(&[b"accepted", client, attestation.bytes]);
}

/// A contradiction at this height was proven: "frozen", client, height.
pub fn frozen(client: &[u8; 32], height: u64) {
    emit(&[b"frozen", client, &height.to_le_bytes()]);
}

/// Another set signs the heights from here on: "rotated", client, first height, set hash.
pub fn rotated(client: &[u8; 32], start_height: u64, set_hash: &[u8; 32]) {
    emit(&[b"rotated", client, &start_height.to_le_bytes(), set_hash]);
}

/// A set that may contradict from here on; states are not believed on its word: "learned", client, first
/// height, set hash.
pub fn learned(client: &[u8; 32], start_height: u64, set_hash: &[u8; 32]) {
    emit(&[b"learned", client, &start_height.to_le_bytes(), set_hash]);
}

/// The state at this height is the one that exits go by: "exit", client, height.
pub fn exit_moved(client: &[u8; 32], height: u64) {
    emit(&[b"exit", client, &height.to_le_bytes()]);
}

fn emit(parts: &[&[u8]]) {
    // SAFETY: a slice of slices is what the syscall reads
    unsafe { sol_log_data(parts.as_ptr().cast(), parts.len() as u64) };
}
