use crate::client::{self, CLIENT_BYTES, CLIENT_SEED, ID_BYTES_MAX, ID_BYTES_MIN};
use crate::fault::Fault;
use crate::roots::{self, ROOTS_BYTES, ROOTS_SEED};
use alloc::format;
use causeway_accounts::{create_account, next, require, require_derived, require_signer, Accounts};
use causeway_hub_state::ClientState;
use causeway_packets::{read_text, Fault as PacketFault, Reader};
use pinocchio::{Address, ProgramResult};

/// Adds client `client-N` with its counterparty, for ever; the number is free to choose. Open to all: a
/// client proves things about itself only. Whoever lists it on the hub looks at the light client and
/// counterparty. Accounts: payer (signer, writable), client, roots (both writable, to be made), the light
/// client's state, system program. Message: N u32 ‖ counterparty (text).
#[inline(never)]
pub fn add_client(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (payer, mut account, mut root_account) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let light = next(accounts)?;
    let (number, counterparty) = read_message(message)?;
    // 1. Judge
    require_signer(&payer)?;
    let is_long = counterparty.len() >= ID_BYTES_MIN && counterparty.len() <= ID_BYTES_MAX;
    require(is_long && core::str::from_utf8(counterparty).is_ok(), Fault::InvalidCounterpartyId)?;
    ClientState::read(&*light.try_borrow()?).map_err(|_| Fault::WrongLightClient)?;
    let id = format!("client-{number}");
    let bump = require_derived(&account, &[CLIENT_SEED, id.as_bytes()], program)?;
    let roots_bump = require_derived(&root_account, &[ROOTS_SEED, id.as_bytes()], program)?;
    // 2. Write
    create_account(&payer, &account, program, CLIENT_BYTES, &[CLIENT_SEED, id.as_bytes(), &[bump]])?;
    let seeds = [ROOTS_SEED, id.as_bytes(), &[roots_bump]];
    create_account(&payer, &root_account, program, ROOTS_BYTES, &seeds)?;
    let bumps = [bump, roots_bump];
    client::write(&mut account.try_borrow_mut()?, bumps, &light, id.as_bytes(), counterparty);
    roots::write_empty(&mut root_account.try_borrow_mut()?, id.as_bytes());
    Ok(())
}

fn read_message<'a>(message: &mut Reader<'a>) -> Result<(u32, &'a [u8]), PacketFault> {
    let read = (message.u32()?, read_text(message)?);
    message.finish()?;
    Ok(read)
}
