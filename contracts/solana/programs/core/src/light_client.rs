//! What the hub's light client says, read in place from the accounts that its program writes.
use crate::client::Client;
use crate::fault::Fault;
use causeway_accounts::{now_seconds, require};
use causeway_hub_state::{ClientState, ConsensusState, Status};
use causeway_ics23::ProofError;
use pinocchio::{error::ProgramError, AccountView};

/// How long a light client has to be frozen or expired before its client may be retired.
pub const RETIREMENT_DELAY_SECONDS: u64 = 14 * 24 * 3_600;

/// Reads the state of a client's light client.
pub fn read_state(client: &Client, account: &AccountView) -> Result<ClientState, ProgramError> {
    let is_state = account.address() == &client.light_state && account.owned_by(&client.light_program);
    require(is_state, Fault::WrongLightClient)?;
    ClientState::read(&*account.try_borrow()?).map_err(|_| Fault::WrongLightClient.into())
}

/// An error unless the light client is neither frozen nor expired.
pub fn require_active(state: &ClientState) -> Result<(), ProgramError> {
    let (status, _) = state.status(now_seconds()?);
    require(status == Status::Active, Fault::ClientNotActive)
}

/// A consensus state that packets may be proven under: of an active client any, of a retired one that at
/// its exit height alone.
#[inline(never)]
pub fn read_consensus(
    client: &Client,
    state: &ClientState,
    account: &AccountView,
) -> Result<ConsensusState, ProgramError> {
    require(account.owned_by(&client.light_program), Fault::WrongLightClient)?;
    let consensus = ConsensusState::read(&*account.try_borrow()?).map_err(|_| Fault::WrongLightClient)?;
    require(&consensus.client == client.light_state.as_array(), Fault::WrongLightClient)?;
    if client.is_retired {
        let exit_height = state.settled_exit_height().map_err(|_| Fault::ExitNotSettled)?;
        require(consensus.height == exit_height, Fault::WrongHeight)?;
    } else {
        require_active(state)?;
    }
    Ok(consensus)
}

/// A proof's fault as the program's.
pub fn unproven(error: ProofError) -> ProgramError {
    ProgramError::Custom(error.code())
}
