//! The outflow window of a line: of what it holds a quarter leaves in an hour. A withdrawal beyond that is
//! not refused: it takes its place behind those before it. Generic cell rate algorithm (ITU-T I.371): one
//! instant, until which the allowance is used up.
use crate::line::Line;
use causeway_accounts::Fault;
use pinocchio::error::ProgramError;

const SHARE_BPS: u128 = 2_500;
const BPS: u128 = 10_000;
const NANOSECONDS: u128 = 1_000_000_000;
const WINDOW: u128 = 3_600 * NANOSECONDS;

/// Books an outflow, and says when it may be paid, in seconds; not later than now for at once. The line still
/// holds it.
#[inline(never)]
pub fn book_outflow(line: &mut Line, amount: u64, now_seconds: u64) -> Result<u64, ProgramError> {
    let allowance = (u128::from(line.escrowed) * SHARE_BPS / BPS).max(1);
    let now = u128::from(now_seconds) * NANOSECONDS;
    let step = (WINDOW * u128::from(amount)).div_ceil(allowance);
    line.used_until = line.used_until.max(now).checked_add(step).ok_or(Fault::Overflow)?;
    if line.used_until <= now + WINDOW {
        return Ok(now_seconds);
    }
    let payable_from = (line.used_until - WINDOW).div_ceil(NANOSECONDS);
    u64::try_from(payable_from).map_err(|_| Fault::Overflow.into())
}
