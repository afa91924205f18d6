//! The recorder with other stakes than the runtime's: in LiteSVM there are none, and the syscall says zero.
//! A vote account's stake is the number in the first two bytes of its address, and the total is ten
//! million; all else is the program's own source. Only tests load this.
#![no_std]
extern crate alloc;

mod epoch_stake {
    use pinocchio::AccountView;

    pub fn stake_of(vote_account: &AccountView) -> u64 {
        let address = vote_account.address().as_ref();
        u64::from(u16::from_le_bytes([address[0], address[1]]))
    }

    pub fn total_stake() -> u64 {
        10_000_000
    }
}

#[path = "../../../programs/recorder/src/fault.rs"]
mod fault;
#[path = "../../../programs/recorder/src/grow.rs"]
mod grow;
#[path = "../../../programs/recorder/src/open.rs"]
mod open;
#[path = "../../../programs/recorder/src/record.rs"]
mod record;
#[path = "../../../programs/recorder/src/set.rs"]
mod set;
#[path = "../../../programs/recorder/src/vote_state.rs"]
mod vote_state;

use causeway_accounts::{read_instruction, Fault as AccountFault, Instruction};
use pinocchio::{nostd_panic_handler, program_entrypoint, AccountView, Address, ProgramResult};

program_entrypoint!(process, 64);
pinocchio::default_allocator!();
nostd_panic_handler!();

#[inline(never)]
fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Instruction { kind, message, accounts } = read_instruction(accounts, data)?;
    message.finish().map_err(|_| AccountFault::WrongLength)?;
    match kind {
        0 => open::open(program, accounts),
        1 => grow::grow(program, accounts),
        2 => record::record(program, accounts),
        _ => Err(AccountFault::UnknownInstruction.into()),
    }
}
