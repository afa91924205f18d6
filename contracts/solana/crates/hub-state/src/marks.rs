/// The first height that is reached in each such span of attested times is marked: a day.
pub const MARK_SECONDS: u64 = 86_400;
/// Bytes of the marks in a client's account.
pub const MARKS_BYTES: usize = COUNT * ENTRY_BYTES;

/// Marks are asked for that are up to 36 days old (the hearing period, and 15 marks before it).
const COUNT: usize = 64;
const ENTRY_BYTES: usize = 16;

/// Heights by the number of their mark (attested time / MARK_SECONDS), the last 64 of them: mark u64 ‖
/// height u64, at mark modulo 64.
pub struct Marks<T>(pub(crate) T);

impl<T: AsRef<[u8]>> Marks<T> {
    /// The height that was marked; 0: none, or too long ago.
    pub fn height_at(&self, mark: u64) -> u64 {
        let entry = &self.0.as_ref()[place(mark)];
        let word = |at: usize| u64::from_le_bytes(entry[at..at + 8].try_into().unwrap());
        if word(0) == mark {
            word(8)
        } else {
            0
        }
    }
}

impl<T: AsMut<[u8]>> Marks<T> {
    /// Marks a height, in place of what was marked there 64 marks ago or more.
    pub fn set(&mut self, mark: u64, height: u64) {
        let entry = &mut self.0.as_mut()[place(mark)];
        entry[..8].copy_from_slice(&mark.to_le_bytes());
        entry[8..].copy_from_slice(&height.to_le_bytes());
    }
}

fn place(mark: u64) -> core::ops::Range<usize> {
    let at = (mark % COUNT as u64) as usize * ENTRY_BYTES;
    at..at + ENTRY_BYTES
}
