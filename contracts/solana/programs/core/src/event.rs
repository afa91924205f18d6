//! Events. A node cuts a transaction's log, and so whoever makes enough noise beside a packet would hide what
//! was told there; what programs call is recorded whole. So the core tells by calling itself, and the
//! client's account signs for it: nobody else can have it sign.
use crate::client::{Client, BUMP, CLIENT_BYTES, CLIENT_SEED, MAGIC};
use crate::fault::Fault;
use alloc::vec::Vec;
use causeway_accounts::{invoke, next, require, require_state, Access, Accounts};
use causeway_packets::Packet;
use pinocchio::{AccountView, Address, ProgramResult};

/// The instruction that is an event.
pub const EVENT: u8 = 9;

/// What happened to a packet: the second byte of the instruction.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Event {
    SendPacket = 0,
    WriteAcknowledgement = 1,
    AcknowledgePacket = 2,
    TimeoutPacket = 3,
    /// It may be received again.
    ReopenPacket = 4,
}

/// Whose packet it is.
pub struct Teller<'a> {
    pub core: &'a Address,
    pub client: &'a Client,
    /// The client's.
    pub account: &'a AccountView,
}

impl Teller<'_> {
    /// Tells what happened: instruction = 9 ‖ event ‖ packet ‖ answer. The core has to be among the accounts
    /// of the instruction that tells, as the runtime asks of a program that is called.
    #[inline(never)]
    pub fn tell(&self, event: Event, packet: &Packet, answer: &[u8]) -> ProgramResult {
        let mut data = Vec::with_capacity(512 + packet.payload.value.len() + answer.len());
        data.extend_from_slice(&[EVENT, event as u8]);
        packet.write(&mut data);
        data.extend_from_slice(answer);
        self.call(&data)
    }

    /// Tells that a packet counts as refused from now on: instruction = 9 ‖ 4 ‖ client id (text) ‖ sequence
    /// u64. What the packet was, whoever reopens it doesn't know.
    #[inline(never)]
    pub fn tell_reopened(&self, sequence: u64) -> ProgramResult {
        let id = self.client.id();
        let mut data = Vec::with_capacity(80);
        data.extend_from_slice(&[EVENT, Event::ReopenPacket as u8, id.len() as u8]);
        data.extend_from_slice(id);
        data.extend_from_slice(&sequence.to_le_bytes());
        self.call(&data)
    }

    fn call(&self, data: &[u8]) -> ProgramResult {
        let bump = self.account.try_borrow()?[BUMP];
        let list = [(*self.account, Access::SIGN)];
        invoke(self.core, &list, data, &[CLIENT_SEED, self.client.id(), &[bump]])
    }
}

/// An event: nothing is left to be done. Accounts: client (signer). Message: see `Teller`.
pub fn hear(program: &Address, mut accounts: Accounts) -> ProgramResult {
    let client = next(&mut accounts)?;
    require(client.is_signer(), Fault::ForeignEvent)?;
    // At the address of an account of this layout nobody but the core can sign
    require_state(&client, program, MAGIC, CLIENT_BYTES)
}
