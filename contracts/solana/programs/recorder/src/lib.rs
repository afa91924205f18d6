//! Records who votes in the next epoch, with which stake, as the runtime itself says
//! (`sol_get_epoch_stake`, SIMD-0133, which tells in epoch E the stakes that vote in E + 1): proven in
//! epoch E by that epoch's votes, the account gives a light client the set of the next. Anyone may record;
//! nobody decides anything. Layout and use: docs/solana-light-client.md, "Epochs".
#![no_std]
extern crate alloc;

mod epoch_stake;
mod fault;
mod grow;
mod open;
mod record;
mod set;
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
