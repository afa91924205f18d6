use crate::fault::Fault;
use causeway_accounts::{require, require_state};
use pinocchio::{error::ProgramError, AccountView, Address};

/// A client: which accounts tell of the hub, and which client over there is the other end. Written once; but
/// for `is_retired`.
pub struct Client {
    pub is_retired: bool,
    pub light_program: Address,
    pub light_state: Address,
    id: [u8; ID_BYTES_MAX],
    id_length: usize,
    counterparty: [u8; ID_BYTES_MAX],
    counterparty_length: usize,
}

pub const MAGIC: &[u8; 8] = b"cwyclien";
pub const CLIENT_SEED: &[u8] = b"client";
/// Magic, version, bumps of this and of the root account, retired, 4 zeros, program and state of the light
/// client, id, counterparty (a byte of length and 64).
pub const CLIENT_BYTES: usize = 210;
pub const BUMP: usize = 9;
pub const RETIRED: usize = 11;
const LIGHT_PROGRAM: usize = 16;
const LIGHT_STATE: usize = 48;
const ID: usize = 80;
const COUNTERPARTY: usize = 145;
pub const ID_BYTES_MAX: usize = 64;
pub const ID_BYTES_MIN: usize = 8;

impl Client {
    /// Reads a client's account. Only the core makes accounts of this layout, at their derived address.
    #[inline(never)]
    pub fn read(program: &Address, account: &AccountView) -> Result<Client, ProgramError> {
        require_state(account, program, MAGIC, CLIENT_BYTES)?;
        let data = account.try_borrow()?;
        Ok(Client {
            is_retired: data[RETIRED] != 0,
            light_program: address_at(&data, LIGHT_PROGRAM),
            light_state: address_at(&data, LIGHT_STATE),
            id: text_at(&data, ID),
            id_length: data[ID].into(),
            counterparty: text_at(&data, COUNTERPARTY),
            counterparty_length: data[COUNTERPARTY].into(),
        })
    }

    pub fn id(&self) -> &[u8] {
        &self.id[..self.id_length]
    }

    pub fn counterparty(&self) -> &[u8] {
        &self.counterparty[..self.counterparty_length]
    }

    /// The two ends of a packet are this client and its counterparty: before anything else, else whoever
    /// opens a client on another chain and names ours as its counterparty drains an escrow.
    pub fn require_ends(&self, here: &[u8], there: &[u8]) -> Result<(), ProgramError> {
        require(here == self.id(), Fault::WrongClient)?;
        require(there == self.counterparty(), Fault::WrongCounterparty)
    }
}

/// Writes a new client's account; version and bumps first.
#[inline(never)]
pub fn write(data: &mut [u8], bumps: [u8; 2], light: &AccountView, id: &[u8], counterparty: &[u8]) {
    data[..8].copy_from_slice(MAGIC);
    data[8] = 1;
    data[BUMP..BUMP + 2].copy_from_slice(&bumps);
    data[LIGHT_PROGRAM..LIGHT_STATE].copy_from_slice(light.owner().as_ref());
    data[LIGHT_STATE..ID].copy_from_slice(light.address().as_ref());
    for (place, text) in [(ID, id), (COUNTERPARTY, counterparty)] {
        data[place] = text.len() as u8;
        data[place + 1..place + 1 + text.len()].copy_from_slice(text);
    }
}

fn address_at(data: &[u8], place: usize) -> Address {
    let mut bytes = [0u8; 32];
    bytes.copy_from_slice(&data[place..place + 32]);
    Address::new_from_array(bytes)
}

fn text_at(data: &[u8], place: usize) -> [u8; ID_BYTES_MAX] {
    let mut bytes = [0u8; ID_BYTES_MAX];
    bytes.copy_from_slice(&data[place + 1..place + 1 + ID_BYTES_MAX]);
    bytes
}
