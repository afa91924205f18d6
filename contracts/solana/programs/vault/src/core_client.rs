//! The account of a client, as its core writes it (programs/core/src/client.rs).
use crate::fault::Fault;
use alloc::vec::Vec;
use causeway_accounts::require;
use causeway_hub_state::{ClientState, ConsensusState};
use pinocchio::{error::ProgramError, AccountView, Address};

const MAGIC: &[u8; 8] = b"cwyclien";
const BYTES: usize = 210;
const RETIRED: usize = 11;
const LIGHT_PROGRAM: usize = 16;
const LIGHT_STATE: usize = 48;
const COUNTERPARTY: usize = 145;

/// A client, and which core it is of. Nothing says that the core is an honest one: lines are kept by the
/// address of this account, which no other core can write.
pub struct CoreClient {
    pub address: Address,
    pub core: Address,
    pub is_retired: bool,
    light_program: Address,
    light_state: Address,
    pub counterparty: Vec<u8>,
}

impl CoreClient {
    #[inline(never)]
    pub fn read(account: &AccountView) -> Result<CoreClient, ProgramError> {
        let data = account.try_borrow()?;
        let is_laid_out = data.len() == BYTES && &data[..8] == MAGIC && data[8] == 1;
        require(is_laid_out, Fault::WrongClient)?;
        let counterparty = &data[COUNTERPARTY + 1..];
        let length = usize::from(data[COUNTERPARTY]);
        Ok(CoreClient {
            address: *account.address(),
            core: account.owner(),
            is_retired: data[RETIRED] != 0,
            light_program: address_at(&data, LIGHT_PROGRAM),
            light_state: address_at(&data, LIGHT_STATE),
            counterparty: counterparty.get(..length).ok_or(Fault::WrongClient)?.to_vec(),
        })
    }

    /// What the client's light client says.
    pub fn light_state(&self, account: &AccountView) -> Result<ClientState, ProgramError> {
        let is_state = account.address() == &self.light_state && account.owned_by(&self.light_program);
        require(is_state, Fault::WrongLightClient)?;
        ClientState::read(&account.try_borrow()?).map_err(|_| Fault::WrongLightClient.into())
    }

    /// The app hash that exits are proven under: of a retired client, at its exit height.
    #[inline(never)]
    pub fn exit_app_hash(
        &self,
        light: &AccountView,
        consensus: &AccountView,
    ) -> Result<[u8; 32], ProgramError> {
        require(self.is_retired, Fault::ClientNotRetired)?;
        let exit_height =
            self.light_state(light)?.settled_exit_height().map_err(|_| Fault::WrongLightClient)?;
        require(consensus.owned_by(&self.light_program), Fault::WrongLightClient)?;
        let state = ConsensusState::read(&consensus.try_borrow()?).map_err(|_| Fault::WrongLightClient)?;
        let is_exit = &state.client == self.light_state.as_array() && state.height == exit_height;
        require(is_exit, Fault::WrongLightClient)?;
        Ok(state.app_hash)
    }
}

fn address_at(data: &[u8], place: usize) -> Address {
    let mut bytes = [0u8; 32];
    bytes.copy_from_slice(&data[place..place + 32]);
    Address::new_from_array(bytes)
}
