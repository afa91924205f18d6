use crate::client::{Client, RETIRED};
use crate::fault::Fault;
use crate::light_client::{read_state, RETIREMENT_DELAY_SECONDS};
use causeway_accounts::{next, now_seconds, require, Accounts, Fault as AccountFault};
use causeway_hub_state::Status;
use causeway_packets::Reader;
use pinocchio::{Address, ProgramResult};

/// Declares a client dead, for ever, once it has been frozen or expired for 14 days. Nothing is sent over
/// it any more; what is open is settled under its last accepted root. Anyone may. Accounts: client
/// (writable), the light client's state.
#[inline(never)]
pub fn retire(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (mut account, light) = (next(accounts)?, next(accounts)?);
    message.finish().map_err(|_| AccountFault::WrongLength)?;
    let client = Client::read(program, &account)?;
    require(!client.is_retired, Fault::ClientRetired)?;
    let state = read_state(&client, &light)?;
    let now = now_seconds()?;
    let (status, stopped_at) = state.status(now);
    let retirable_from = stopped_at.checked_add(RETIREMENT_DELAY_SECONDS).ok_or(AccountFault::Overflow)?;
    require(status != Status::Active && now >= retirable_from, Fault::ClientNotDeadLongEnough)?;
    account.try_borrow_mut()?[RETIRED] = 1;
    Ok(())
}
