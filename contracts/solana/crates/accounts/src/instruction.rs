use crate::fault::{require, Fault};
use causeway_wire::{Reader, Truncated};
use pinocchio::{error::ProgramError, AccountView};

/// An instruction taken apart.
pub struct Instruction<'a> {
    pub kind: u8,
    pub message: Reader<'a>,
    pub accounts: &'a [AccountView],
}

/// The message stands in another account.
const BUFFERED: u8 = 0x80;

/// One byte of kind, then the message; or, with bit 7 of the kind, an offset u32 and a length u32 of the
/// message in the data of the last account. Whose account that is does not matter: it is input.
pub fn read_instruction<'a>(
    accounts: &'a mut [AccountView],
    data: &'a [u8],
) -> Result<Instruction<'a>, ProgramError> {
    let (kind, rest) = data.split_first().ok_or(Fault::WrongLength)?;
    let message = Reader::new(rest);
    if kind & BUFFERED == 0 {
        return Ok(Instruction { kind: *kind, message, accounts });
    }
    let (buffer, accounts) = accounts.split_last().ok_or(Fault::MissingAccount)?;
    let message = slice_of(buffer, message)?;
    // The same account as something that is written to would change under the message
    let is_apart = accounts.iter().all(|account| account.address() != buffer.address());
    require(is_apart, Fault::WrongAddress)?;
    Ok(Instruction { kind: kind & !BUFFERED, message, accounts })
}

fn slice_of<'a>(buffer: &'a AccountView, mut place: Reader<'a>) -> Result<Reader<'a>, ProgramError> {
    let (offset, length) = read_place(&mut place).map_err(|_| Fault::WrongLength)?;
    // SAFETY: nothing writes to this account while the instruction runs: it is in no list but this one
    let data = unsafe { buffer.borrow_unchecked() };
    let bytes = data.get(offset..).and_then(|rest| rest.get(..length)).ok_or(Fault::WrongLength)?;
    Ok(Reader::new(bytes))
}

fn read_place(place: &mut Reader) -> Result<(usize, usize), Truncated> {
    let pair = (place.u32()? as usize, place.u32()? as usize);
    place.finish()?;
    Ok(pair)
}
