//! Messages that are longer than a transaction (1,232 bytes), written piece by piece into an account that
//! other programs then read. They take nothing on this program's word: what is in a buffer is input like any
//! other, and whose it is does not matter to them.
//!
//!     buffer        "cwybuffr" ‖ author 32 ‖ the message
//!     0 open        makes an account of zeros, that this program owns already, a buffer of the signer's
//!     1 write       offset in the message u64 ‖ bytes
//!     2 close       the lamports go back to the author
//!
//! Accounts of each: buffer (writable), author (signer, writable). The account is made by the system
//! program in the transaction that opens it.
#![no_std]

use causeway_accounts::{close, require, require_signer, Fault};
use causeway_wire::Reader;
use pinocchio::{no_allocator, nostd_panic_handler, program_entrypoint, AccountView, Address, ProgramResult};

program_entrypoint!(process, 2);
no_allocator!();
nostd_panic_handler!();

const MAGIC: &[u8; 8] = b"cwybuffr";
const AUTHOR: core::ops::Range<usize> = 8..40;
const HEADER_BYTES: usize = 40;

fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let [buffer, author] = accounts else { return Err(Fault::MissingAccount.into()) };
    let mut reader = Reader::new(data);
    let instruction = reader.u8().map_err(|_| Fault::WrongLength)?;
    require_signer(author)?;
    require(buffer.owned_by(program), Fault::WrongOwner)?;
    require(buffer.data_len() >= HEADER_BYTES, Fault::WrongLayout)?;
    match instruction {
        0 => open(buffer, author),
        1 => write(buffer, author, reader),
        2 => {
            require_author(&buffer.try_borrow()?, author)?;
            close(buffer, author)
        }
        _ => Err(Fault::UnknownInstruction.into()),
    }
}

fn open(buffer: &mut AccountView, author: &AccountView) -> ProgramResult {
    let mut data = buffer.try_borrow_mut()?;
    require(data[..8] == [0; 8], Fault::AlreadyExists)?;
    data[..8].copy_from_slice(MAGIC);
    data[AUTHOR].copy_from_slice(author.address().as_ref());
    Ok(())
}

fn write(buffer: &mut AccountView, author: &AccountView, mut reader: Reader) -> ProgramResult {
    let offset = reader.u64().map_err(|_| Fault::WrongLength)?;
    let bytes = reader.take(reader.remaining()).map_err(|_| Fault::WrongLength)?;
    let mut data = buffer.try_borrow_mut()?;
    require_author(&data, author)?;
    let start = offset.checked_add(HEADER_BYTES as u64).ok_or(Fault::Overflow)? as usize;
    let end = start.checked_add(bytes.len()).ok_or(Fault::Overflow)?;
    data.get_mut(start..end).ok_or(Fault::WrongLength)?.copy_from_slice(bytes);
    Ok(())
}

fn require_author(data: &[u8], author: &AccountView) -> ProgramResult {
    require(&data[..8] == MAGIC, Fault::WrongLayout)?;
    require(&data[AUTHOR] == author.address().as_ref(), Fault::WrongAddress)
}
