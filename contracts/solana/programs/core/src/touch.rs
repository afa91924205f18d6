use crate::roots::{self, MAGIC, ROOTS_BYTES};
use causeway_accounts::{next, require_state, Accounts, Fault};
use causeway_packets::Reader;
use pinocchio::{Address, ProgramResult};

/// Makes a root account change, so that the slot proves it. Anyone may. Accounts: roots (writable).
pub fn touch(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let mut account = next(&mut accounts)?;
    message.finish().map_err(|_| Fault::WrongLength)?;
    require_state(&account, program, MAGIC, ROOTS_BYTES)?;
    roots::touch(&mut account.try_borrow_mut()?);
    Ok(())
}
