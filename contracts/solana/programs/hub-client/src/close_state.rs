use crate::accounts::{read_client, read_state, wrong_layout};
use crate::error::HubError;
use crate::sets::{standing_height, HEARING_PERIOD_SECONDS};
use causeway_accounts::{close, now_seconds, Fault};
use causeway_hub_state::{ClientState, Status};
use pinocchio::{AccountView, Address, ProgramResult};

/// Gives the lamports of a state's account back to who paid for it, once the state lies below what stands
/// beyond the hearing period: nothing can contradict it any more, and no exit goes by it. Proofs under it
/// are no longer possible.
pub fn close_state(program: &Address, accounts: &[AccountView]) -> ProgramResult {
    let &[client, mut state, mut payer] = accounts else { return Err(Fault::MissingAccount.into()) };
    let of_client = read_client(program, &client)?;
    let of_state = read_state(program, &state)?.ok_or(Fault::WrongOwner)?;
    if of_state.client != *client.address().as_array() || of_state.payer != *payer.address().as_array() {
        return Err(HubError::WrongState.into());
    }
    let now = now_seconds()?;
    let at_seconds = match of_client.status(now) {
        (Status::Active, _) => now,
        (_, stopped) => stopped,
    };
    let standing = {
        let data = client.try_borrow()?;
        let marks = ClientState::marks(&data).map_err(wrong_layout)?;
        standing_height(&of_client, &marks, at_seconds.saturating_sub(HEARING_PERIOD_SECONDS))
    };
    // The marked height itself may be what exits fall back to
    if of_state.height >= standing {
        return Err(HubError::StateInUse.into());
    }
    close(&mut state, &mut payer)
}
