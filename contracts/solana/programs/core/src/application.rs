//! Programs on ports. A port's account names the program; the core signs its calls with an account that it
//! derives for this program alone, so that nobody can pass the signature on to another.
use crate::fault::Fault;
use alloc::vec::Vec;
use causeway_accounts::{
    invoke, require, require_derived, require_derived_by, require_program, require_state, Access,
    SYSTEM_PROGRAM,
};
use causeway_packets::Packet;
use pinocchio::{error::ProgramError, AccountView, Address, ProgramResult};

pub const PORT_SEED: &[u8] = b"port";
pub const APPLICATION_SEED: &[u8] = b"application";
const CALLER_SEED: &[u8] = b"caller";
const MAGIC: &[u8; 8] = b"cwyports";
/// Magic, version, bumps of the port and of the program's account, 5 zeros, program.
pub const PORT_BYTES: usize = 48;
const BUMP: usize = 9;
const AUTHORITY_BUMP: usize = 10;
const PROGRAM: usize = 16;

/// What the core calls an application for: the first byte of the instruction.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Call {
    Receive = 0x10,
    Acknowledge = 0x11,
    Timeout = 0x12,
}

/// A program on a port.
pub struct Application {
    pub program: Address,
    authority_bump: u8,
}

impl Application {
    /// The application on a port, or nothing if nobody registered it; an error for another account.
    #[inline(never)]
    pub fn read(
        program: &Address,
        account: &AccountView,
        name: &[u8],
    ) -> Result<Option<Application>, ProgramError> {
        require(name.len() <= 32, Fault::InvalidPort)?;
        if account.owned_by(&SYSTEM_PROGRAM) {
            require_derived(account, &[PORT_SEED, name], program)?;
            return Ok(None);
        }
        require_state(account, program, MAGIC, PORT_BYTES)?;
        let data = account.try_borrow()?;
        require_derived_by(account, &[PORT_SEED, name, &[data[BUMP]]], program)?;
        let mut bytes = [0u8; 32];
        bytes.copy_from_slice(&data[PROGRAM..]);
        let application =
            Application { program: Address::new_from_array(bytes), authority_bump: data[AUTHORITY_BUMP] };
        Ok(Some(application))
    }

    /// An error unless this account is the application's own for this core, and signed.
    pub fn require_authority(&self, core: &Address, account: &AccountView) -> ProgramResult {
        causeway_accounts::require_signer(account)?;
        let seeds = [APPLICATION_SEED, core.as_ref(), &[self.authority_bump]];
        require_derived_by(account, &seeds, &self.program).map_err(|_| Fault::NotApplication.into())
    }
}

/// Writes a new port's account.
pub fn write(data: &mut [u8], bump: u8, authority_bump: u8, application: &Address) {
    data[..8].copy_from_slice(MAGIC);
    data[8] = 1;
    data[BUMP] = bump;
    data[AUTHORITY_BUMP] = authority_bump;
    data[PROGRAM..].copy_from_slice(application.as_ref());
}

/// A packet on its way to its application.
pub struct Delivery<'a> {
    pub core: &'a Address,
    pub client: &'a AccountView,
    /// The application's program, the core's account for it, then those that the application takes.
    pub accounts: &'a [AccountView],
    pub packet: &'a Packet<'a>,
    /// Of a packet that is acknowledged.
    pub answer: &'a [u8],
}

impl Delivery<'_> {
    /// Calls the application: instruction = call ‖ packet ‖ answer. Accounts: the core's account for it
    /// (signer), client, then those that the relayer brought.
    #[inline(never)]
    pub fn call(&self, application: &Application, call: Call) -> Result<(), ProgramError> {
        let [program, caller, rest @ ..] = self.accounts else {
            return Err(causeway_accounts::Fault::MissingAccount.into());
        };
        require_program(program, &application.program)?;
        let bump = require_derived(caller, &[CALLER_SEED, application.program.as_ref()], self.core)?;
        let mut list = Vec::with_capacity(rest.len() + 2);
        list.push((*caller, Access::SIGN));
        list.push((*self.client, Access::READ));
        list.extend(rest.iter().map(|account| (*account, Access::given(account))));
        let mut data = Vec::with_capacity(512 + self.packet.payload.value.len());
        data.push(call as u8);
        self.packet.write(&mut data);
        data.extend_from_slice(self.answer);
        invoke(&application.program, &list, &data, &[CALLER_SEED, application.program.as_ref(), &[bump]])
    }
}
