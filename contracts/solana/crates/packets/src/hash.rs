use solana_define_syscall::definitions::sol_log_data;

pub use causeway_wire::sha256 as hash;

/// Tells an event: the parts stand in the transaction's log, each in base64.
pub fn log_data(parts: &[&[u8]]) {
    // SAFETY: a list of slices is what the syscall reads.
    unsafe { sol_log_data(parts.as_ptr().cast(), parts.len() as u64) };
}
