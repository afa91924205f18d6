use crate::accounts::{read_client, read_state};
use crate::error::HubError;
use crate::events;
use causeway_accounts::Fault;
use pinocchio::{AccountView, Address, ProgramResult};

/// Gives up the state at the exit height of a frozen client for the one before, as long as it is not below
/// what is contradicted. Anybody may: exits wait until nothing is left to take back.
pub fn take_back(program: &Address, accounts: &[AccountView]) -> ProgramResult {
    let &[mut client, state] = accounts else { return Err(Fault::MissingAccount.into()) };
    let mut of_client = read_client(program, &client)?;
    if of_client.settled_exit_height().is_ok() {
        return Err(HubError::NothingToTakeBack.into());
    }
    let address = *client.address().as_array();
    let of_state = read_state(program, &state)?.ok_or(Fault::WrongOwner)?;
    if of_state.client != address || of_state.height != of_client.exit_height {
        return Err(HubError::WrongState.into());
    }
    // Every state on the way was accepted above the one before it
    of_client.exit_height = of_state.previous_height;
    of_client.write(&mut *client.try_borrow_mut()?);
    events::exit_moved(&address, of_client.exit_height);
    Ok(())
}
