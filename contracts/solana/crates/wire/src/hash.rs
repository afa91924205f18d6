use core::mem::MaybeUninit;
use solana_define_syscall::definitions::sol_sha256;

/// SHA-256 over the parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = MaybeUninit::<[u8; 32]>::uninit();
    // SAFETY: a slice of slices is what the syscall reads (address and length, 16 bytes each); it writes all
    // 32 bytes, or stops the transaction.
    unsafe {
        sol_sha256(parts.as_ptr().cast(), parts.len() as u64, hash.as_mut_ptr().cast());
        hash.assume_init()
    }
}
